"""Files that were made to do harm: each ends in one sentence, runs nothing, and takes little memory and time."""

import io
import json
import os
import pickle
import pickletools
import struct
import subprocess
import sys
import time
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from models import NetworkUnavailable
from models.checkpoints.files import read_tensors
from models.checkpoints.pickles import look_through_pickle
from models.checkpoints.published import read_published
from tests.test_published_upscalers import Compact, OldESRGAN

ROOT = Path(__file__).resolve().parent.parent
MOST_MEMORY = 300 * 2**20  # bytes, above what the process had before
SCRIPT = """
import json, sys, threading
from pathlib import Path
from models import NetworkUnavailable
from models.checkpoints.published import read_published
def say(file, said):
    try:
        read_published(Path(file))
        said.append("it was read")
    except NetworkUnavailable as error:
        said.append(str(error))
def memory(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(name)).split()[1])
answers = []
Path("/proc/self/clear_refs").write_text("5")  # the most that it had until now counts no more
before = memory("VmRSS")
for file in sys.argv[1:]:
    threads = threading.Thread(target=say, args=(file, answers))  # as the page does it, with a thread's small stack
    threads.start()
    threads.join()
print(json.dumps([answers, memory("VmHWM") - before]))
"""


class Command:
    """Runs a command when it is unpickled."""

    def __init__(self, mark: Path):
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch '{self.mark}'",)


def archive(data: bytes, *, deflated: bool = False, more: dict[str, bytes] | None = None) -> bytes:
    """A file as torch.save writes it around a pickle."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as zipped:
        for name, part in {"data.pkl": data, "version": b"3\n", "byteorder": b"little", **(more or {})}.items():
            zipped.writestr(f"net/{name}", part)
    return memory.getvalue()


def saved(content: object, *, old: bool = False) -> bytes:
    memory = io.BytesIO()
    torch.save(content, memory, _use_new_zipfile_serialization=not old)
    return memory.getvalue()


def code(mark: Path) -> bytes:
    return saved({"model.0.weight": Command(mark)})


def code_of_old(mark: Path) -> bytes:
    return saved({"model.0.weight": Command(mark)}, old=True)


def bare_pickle(mark: Path) -> bytes:
    return pickle.dumps(Command(mark), protocol=4)


def code_beside_tensors(mark: Path) -> bytes:
    """A whole module, as torch.save(network) writes it: classes by name."""
    return saved({"params": Compact(2).state_dict(), "network": Compact(2), "hook": Command(mark)})


def allowed_function_with_a_huge_argument(mark: Path) -> bytes:
    """torch's own reader would make 64 GB of zeros: it allows bytearray."""
    return archive(b"\x80\x02cbuiltins\nbytearray\n\x8a\x06" + (64 * 10**9).to_bytes(6, "little") + b"\x85R.")


def nested_key(mark: Path) -> bytes:
    """A tuple in a tuple, a million deep, whose hash ends the process (no memory is left on the stack)."""
    return archive(b"\x80\x02})" + b"\x85" * 1_000_000 + b"K\x01s.")


def doubled_key(mark: Path) -> bytes:
    """A tuple of itself twice, fifty times over: 2**50 steps for its hash."""
    doubled = b"".join(b"q" + bytes([number]) + b"h" + bytes([number]) + b"\x86" for number in range(50))
    return archive(b"\x80\x02})" + doubled + b"K\x01s.")


def recursive(mark: Path) -> bytes:
    """A dictionary that is its own state_dict."""
    return archive(b"\x80\x02}q\x00X\x0a\x00\x00\x00state_dicth\x00s.")


def deflate_bomb(mark: Path) -> bytes:
    """A few hundred kB that are 400 MB."""
    return archive(pickle.dumps({"a": 1}, protocol=2), deflated=True, more={"data/0": bytes(400 * 2**20)})


def overlapping_bomb(mark: Path) -> bytes:
    """An archive whose directory names the same bytes again and again (Fifield, "A better zip bomb", 2019)."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as zipped:
        zipped.writestr("net/data.pkl", pickle.dumps({"a": 1}, protocol=2))
        zipped.writestr("net/data/0", bytes(2**20))
        first = zipped.infolist()[1]
        for number in range(1, 500):
            again = zipfile.ZipInfo(f"net/data/{number}")
            for name in ("header_offset", "file_size", "compress_size", "CRC"):
                setattr(again, name, getattr(first, name))
            zipped.filelist.append(again)
    return memory.getvalue()


def many_lists(mark: Path) -> bytes:
    """A million lists of a byte each."""
    return archive(b"\x80\x02(" + b"]" * 1_500_000 + b"l.")


def copies(mark: Path) -> bytes:
    """A list of 30,000 pairs, made into dictionaries 30,000 times."""
    pairs = b"".join(b"K\x01M" + struct.pack("<H", number) + b"\x86" for number in range(30_000))
    again = b"ccollections\nOrderedDict\nq\x01" + b"h\x01h\x00\x85R" * 30_000
    return archive(b"\x80\x02(]q\x00(" + pairs + b"e" + again + b"l.")


def cut_off(mark: Path) -> bytes:
    content = saved(Compact(2).state_dict())
    return content[: len(content) * 2 // 3]


def wrong_types(mark: Path) -> bytes:
    return saved({"body.0.weight": 3, "body.1.weight": ["a", None], 5: OrderedDict()})


def wrong_arguments(mark: Path) -> bytes:
    return archive(b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(K\x01X\x01\x00\x00\x00aNtR.")


def endless_string(mark: Path) -> bytes:
    return archive(b"\x80\x02X\xff\xff\xff\x7fshort.")


def posing(mark: Path) -> bytes:
    """One number that poses as 12 GB of weights, of shapes that fit each other."""
    one = torch.zeros(1)
    with torch.device("meta"):
        shapes = {key: part.shape for key, part in OldESRGAN(2, width=256, blocks=64).state_dict().items()}
    return saved({key: one.expand(shape) for key, shape in shapes.items()})


CODE = "holds more than tensors, perhaps code, so it was not opened"
HOSTILE: dict[Callable[[Path], bytes], str] = {
    code: CODE,
    code_of_old: CODE,
    bare_pickle: CODE,
    code_beside_tensors: CODE,
    allowed_function_with_a_huge_argument: CODE,
    nested_key: CODE,
    doubled_key: CODE,
    recursive: "holds no tensors by name",
    deflate_bomb: "is compressed, as torch.save never does",
    overlapping_bomb: "is no file of tensors, or is cut off",
    many_lists: CODE,
    copies: CODE,
    cut_off: "is no file of tensors, or is cut off",
    wrong_types: "holds no tensors by name",
    wrong_arguments: "is no file of tensors, or is cut off",
    endless_string: "is no file of tensors, or is cut off",
    posing: "are larger than the file",
}


def test_hostile_files_end_in_one_sentence_and_run_nothing(tmp_path: Path) -> None:
    mark, files = tmp_path / "ran", []
    for make in HOSTILE:
        file = tmp_path / f"{make.__name__}.pth"
        file.write_bytes(make(mark))
        files.append(file)
    begun = time.monotonic()
    process = subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, files)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert process.returncode == 0, process.stderr  # it was not ended by a signal
    answers, memory = json.loads(process.stdout)
    assert not mark.exists()
    assert memory < MOST_MEMORY
    for answer, file, sentence in zip(answers, files, HOSTILE.values(), strict=True):
        assert sentence in answer, f"{file.name}: {answer}"
        assert answer.startswith((file.name, "The tensors in"))
        assert "\n" not in answer
        assert len(answer) < 400
    assert not process.stderr
    print(f"{len(files)} files, {memory / 2**20:.0f} MB, {time.monotonic() - begun:.1f} s")


@pytest.mark.parametrize("head", [200 * 2**20, 2**63, 0])  # bytes that it claims to have
def test_a_safetensors_file_with_a_false_head(tmp_path: Path, head: int) -> None:
    file = tmp_path / "net.safetensors"
    file.write_bytes(struct.pack("<Q", head) + b"{" * 100)
    with pytest.raises(NetworkUnavailable, match="is no file of tensors, or is cut off"):
        read_tensors(file)


def test_numbers_that_are_none(tmp_path: Path) -> None:
    tensors = Compact(2).state_dict()
    tensors["body.2.weight"][0, 0, 0, 0] = float("nan")
    save_file(tensors, tmp_path / "net.safetensors")
    with pytest.raises(NetworkUnavailable, match=r"Some numbers in net\.safetensors are infinite or none at all"):
        read_tensors(tmp_path / "net.safetensors")


def test_a_torchscript_program_is_named(tmp_path: Path) -> None:
    parts = {"code/__torch__.py": b"class Net(Module): pass", "constants.pkl": pickle.dumps((), protocol=2)}
    (tmp_path / "net.pt").write_bytes(archive(b"\x80\x02c__torch__\nNet\n)\x81.", more=parts))
    with pytest.raises(
        NetworkUnavailable, match=r"net\.pt is a TorchScript program, which would run code, so it was not"
    ):
        read_published(tmp_path / "net.pt")


def test_a_pointer_of_git_lfs_is_named(tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 67040989\n"
    for name in ("net.pth", "net.safetensors"):
        (tmp_path / name).write_text(pointer)
        with pytest.raises(NetworkUnavailable, match=f"{name} is a pointer of Git LFS"):
            read_published(tmp_path / name)


def test_honest_files_pass(tmp_path: Path) -> None:
    """Old and new ones, with all that a training leaves beside a network."""
    network = OldESRGAN(2, blocks=3)
    optimizer = torch.optim.Adam(network.parameters())
    network(torch.zeros(1, 3, 4, 4)).sum().backward()
    optimizer.step()
    beside = {"optimizer": optimizer.state_dict(), "epoch": 3, "losses": [0.5] * 5000, "name": "x" * 100}
    for old in (False, True):
        content = {"model": network.state_dict(), "model_ema": network.state_dict(), **beside}
        (tmp_path / "net.pth").write_bytes(saved(content, old=old))
        tensors = read_tensors(tmp_path / "net.pth")
        assert tensors.keys() == network.state_dict().keys()
        assert all(torch.equal(tensors[key], part) for key, part in network.state_dict().items())


def test_a_pickle_is_followed_as_its_own_tools_follow_it() -> None:
    honest = pickle.dumps({"a": [1, 2.5, "x", None, True, (1, (2, 3))], "b": {"c": [[]] * 3000}}, protocol=2)
    spoilt = b"\x80\x02\x86."  # a pair of nothing
    pickletools.dis(honest, io.StringIO())
    look_through_pickle(io.BytesIO(honest))
    with pytest.raises(ValueError, match="stack"):
        pickletools.dis(spoilt, io.StringIO())
    with pytest.raises(IndexError):
        look_through_pickle(io.BytesIO(spoilt))
