"""Networks as ONNX graphs: `python -m trainer onnx weights/NAME`."""
