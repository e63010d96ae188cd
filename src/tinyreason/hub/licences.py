"""What the makers of models and datasets allow, by the licence fields of their pages on the Hub; where a page
could not be read, by that of another size of the model. OpenWebMath has no such field, its copies say ODC-By.
Licences change: look before you rely on one.
"""

MODELS = {
    "HuggingFaceTB/SmolLM2-360M": "apache-2.0",
    "HuggingFaceTB/SmolLM2-360M-Instruct": "apache-2.0",
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
