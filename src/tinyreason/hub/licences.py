"""What the makers of models and datasets allow, as far as is known here. GSM8K's and MATH's are from their
repositories; the others were not looked up again on their pages: look before you rely on one.
"""

MODELS = {
    "HuggingFaceTB/SmolLM2-135M": "apache-2.0",
    "HuggingFaceTB/SmolLM2-135M-Instruct": "apache-2.0",
    "HuggingFaceTB/SmolLM2-360M": "apache-2.0",
    "HuggingFaceTB/SmolLM2-360M-Instruct": "apache-2.0",
    "HuggingFaceTB/SmolLM2-1.7B": "apache-2.0",
    "HuggingFaceTB/SmolLM2-1.7B-Instruct": "apache-2.0",
    "Qwen/Qwen2.5-0.5B": "apache-2.0",
    "Qwen/Qwen2.5-0.5B-Instruct": "apache-2.0",
    "Qwen/Qwen2.5-1.5B": "apache-2.0",
    "Qwen/Qwen2.5-1.5B-Instruct": "apache-2.0",
    "Qwen/Qwen2.5-Math-1.5B": "apache-2.0",
    "Qwen/Qwen2.5-Math-1.5B-Instruct": "apache-2.0",
}
OWN = "made by program, no licence needed"
DATASETS = {
    "AI-MO/NuminaMath-CoT": "Apache-2.0",
    "ChilleD/SVAMP": "MIT",
    "DigitalLearningGmbH/MATH-lighteval": "MIT",
    "HuggingFaceFW/fineweb-edu": "ODC-By",
    "TIGER-Lab/MathInstruct": "MIT",
    "meta-math/MetaMathQA": "MIT",
    "open-r1/OpenR1-Math-220k": "Apache-2.0",
    "open-web-math/open-web-math": "ODC-By",
    "openai/gsm8k": "MIT",
}
