"""Recipes that teach small language models to reason about mathematics, on the Hugging Face stack."""

__version__ = "0.1.0"
