"""An ONNX graph under construction, whose weights stay in the network's own file."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from models.errors import InvalidInput
from models.quantization import SCALE

OPSET = 18  # of the operators; onnxruntime knows it since 1.14
IR_VERSION = 8
STORED = {"F32": TensorProto.FLOAT, "F16": TensorProto.FLOAT16, "I8": TensorProto.INT8}  # safetensors' names
TYPES = {"float32": TensorProto.FLOAT, "uint8": TensorProto.UINT8}  # of inputs and outputs

Value = str  # the name of an input, of a tensor, or of what a node computes
Shape = Sequence[int | str]  # "N" is any number


class Graph:
    """Nodes, inputs and outputs as they are added."""

    def __init__(self, network: nn.Module, file: Path):
        """Args: network: whose graph it will be; file: its tensors."""
        self.owners = {module: f"{name}." if name else "" for name, module in network.named_modules()}
        self.file, (self.stored, self.start) = file, head_of(file)
        self.nodes: list[Any] = []
        self.inputs: list[Any] = []
        self.outputs: list[Any] = []
        self.initialisers: list[Any] = []
        self.constants: dict[tuple[Any, ...], Value] = {}  # by their content
        self.floats: dict[str, Value] = {}  # the tensors that are in use, by their names in the file

    def input(self, name: str, shape: Shape, kind: str = "float32") -> Value:
        """A new input."""
        self.inputs.append(helper.make_tensor_value_info(name, TYPES[kind], shape))
        return name

    def output(self, value: Value, name: str, shape: Shape, kind: str = "float32") -> None:
        """Makes a value an output, under a name."""
        self.nodes.append(helper.make_node("Identity", [value], [name]))
        self.outputs.append(helper.make_tensor_value_info(name, TYPES[kind], shape))

    def apply(self, operator: str, *inputs: Value, **attributes: Any) -> Value:
        """What an operator of ONNX makes of its inputs."""
        name = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def split(self, x: Value, sizes: Sequence[int], axis: int) -> list[Value]:
        """Parts of a value along an axis."""
        names = [f"Split_{len(self.nodes)}_{number}" for number in range(len(sizes))]
        self.nodes.append(helper.make_node("Split", [x, self.constant(sizes, np.int64)], names, axis=axis))
        return names

    def halves(self, x: Value) -> tuple[Value, Value]:
        """The first and the second half of the channels of a value (N, 2C, H, W)."""
        names = f"Split_{len(self.nodes)}_0", f"Split_{len(self.nodes)}_1"
        self.nodes.append(helper.make_node("Split", [x], names, axis=1, num_outputs=2))
        return names

    def unsqueeze(self, x: Value, *axes: int) -> Value:
        """A value with further axes of size 1."""
        return self.apply("Unsqueeze", x, self.constant(axes, np.int64))

    def reshape(self, x: Value, *shape: int) -> Value:
        """A value in another shape; 0 stands for the size that it has there."""
        return self.apply("Reshape", x, self.constant(shape, np.int64))

    def constant(self, numbers: ArrayLike, kind: DTypeLike = np.float32) -> Value:
        """Numbers that stand in the graph itself."""
        array = np.asarray(numbers, kind)
        content = array.dtype, array.shape, array.tobytes()
        if content not in self.constants:
            self.constants[content] = f"constant_{len(self.constants)}"
            self.initialisers.append(numpy_helper.from_array(array, self.constants[content]))
        return self.constants[content]

    def tensor(self, module: nn.Module, part: str) -> Value:
        """A parameter or buffer of one of the network's modules, as float32; the rest is onnxruntime's, which computes
        once, at the start, what depends on tensors alone."""
        name = self.owners[module] + part
        if name not in self.floats:
            kind = self.stored[name]["dtype"]
            value = self.refer(name)
            if kind != "F32":
                value = self.apply("Cast", value, to=TensorProto.FLOAT)
            if kind == "I8":
                value = self.apply("Mul", value, self.scale(name + SCALE))
            self.floats[name] = value
        return self.floats[name]

    def scale(self, name: str) -> Value:
        """The scale of a tensor of 8 bits."""
        value = self.refer(name)
        return value if self.stored[name]["dtype"] == "F32" else self.apply("Cast", value, to=TensorProto.FLOAT)

    def refer(self, name: str) -> Value:
        """A tensor as it is stored, by its place in the file."""
        kind, (begin, end) = self.stored[name]["dtype"], self.stored[name]["data_offsets"]
        if kind not in STORED:
            raise InvalidInput(f"The tensor {name} is stored as {kind}; graphs are made of {', '.join(STORED)}.")
        tensor = TensorProto(name=name, data_type=STORED[kind], dims=self.stored[name]["shape"])
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", self.file.name), ("offset", self.start + begin), ("length", end - begin)):
            tensor.external_data.add(key=key, value=str(value))
        self.initialisers.append(tensor)
        return name

    @staticmethod
    def shapes(values: list[Any]) -> dict[str, dict[str, Any]]:
        """Type and shape of inputs or outputs, for the description."""
        names = {number: name for name, number in TYPES.items()}
        found = {}
        for value in values:
            kind = value.type.tensor_type
            shape = [size.dim_param or size.dim_value for size in kind.shape.dim]
            found[value.name] = {"type": names[kind.elem_type], "shape": shape}
        return found

    def model(self) -> bytes:
        """The whole as the content of a file, the same for the same network."""
        graph = helper.make_graph(self.nodes, "network", self.inputs, self.outputs, self.initialisers)
        opset = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION, producer_name="latent-lab")
        return bytes(model.SerializeToString(deterministic=True))


def head_of(file: Path) -> tuple[dict[str, Any], int]:
    """What a safetensors file says of its tensors (type, shape, place among the numbers), and where the numbers begin:
    after a length of eight bytes and as many bytes of JSON."""
    with file.open("rb") as content:
        length = int.from_bytes(content.read(8), "little")
        return json.loads(content.read(length)), 8 + length
