"""The loop of the tutorial: torch, one picture at a time.

python3 bench/tutorial-loop.py MODEL.onnx FILE... writes a ResNet-18 with random weights (seed 0) to MODEL.onnx, runs it over
the files as the tutorial does, and prints pictures per second. Needs python3-torch and python3-torchvision of Debian.
"""
import sys
import time

import torch
import torchvision
from PIL import Image
from torchvision import transforms

path, *files = sys.argv[1:]
torch.manual_seed(0)
model = torchvision.models.resnet18(weights=None).eval()
torch.onnx.export(model, torch.zeros(1, 3, 224, 224), path, opset_version=13, input_names=["input"], output_names=["scores"])
features = torch.nn.Sequential(*list(model.children())[:-1])
prepare = transforms.Compose(
    [
        transforms.Resize((224, 224)),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]
)


def embed(file):
    with torch.no_grad():
        return features(prepare(Image.open(file).convert("RGB")).unsqueeze(0)).flatten().numpy()


embed(files[0])
wall, cpu = time.perf_counter(), time.process_time()
for file in files:
    embed(file)
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print(f"{len(files) / wall:.1f} {1000 * cpu / len(files):.1f} {torch.get_num_threads()}")
