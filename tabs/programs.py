"""What the endpoints for programs share: how they are published, how they take files, and how they answer with them."""

import functools
import typing
from collections.abc import Callable
from inspect import Parameter, getdoc, signature
from typing import Any, Literal, ParamSpec, TypeVar

import gradio as gr
from gradio_client.utils import python_type_to_json_schema

from media.images import KINDS, data_uri
from models.errors import InvalidInput
from server.files import File, Results, discard, named
from server.guard import endpoint

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

Sent = File | str | None  # a picture or a clip that a program sends: a file of Gradio's, its address, or a data URI
Given = File | str  # one that it gets: a file of Gradio's, or a data URI
Form = Literal["file", "data"] | None  # None: as it was asked, see `given`

COMPONENTS = {str: gr.Textbox, int: gr.Number, float: gr.Number, Form: gr.Textbox, Sent: gr.File, Given: gr.File}
OPTIONAL = {"url": "string", "size": "integer", "orig_name": "string", "mime_type": "string"}
EXAMPLES = {"image": "photo.jpg", "clip": "clip.mp4"}  # by the name of the parameter

FILE = {  # gradio.FileData as JSON schema, as short as clients know it by: it is in every visitor's page
    "type": "object",
    "properties": {
        "path": {"type": "string"},
        **{name: {"anyOf": [{"type": kind}, {"type": "null"}]} for name, kind in OPTIONAL.items()},
        "is_stream": {"type": "boolean"},
        "meta": {"type": "object", "properties": {"_type": {"const": "gradio.FileData"}}, "required": ["_type"]},
    },
    "required": ["path"],
}

results = Results()


def component(hint: Any, label: str, default: Any = None) -> Any:
    """A parameter or an answer of an endpoint, as a component that is never shown. So clients, and apps that load this
    page (`gr.load`), know what it is.

    Args:
        hint: its type.
        label: what it is called.
        default: its value where a program names none; None for files, and for what is required.
    """
    shown = "file" if hint == Form else default  # what clients send that are told of no value
    made = COMPONENTS.get(hint, gr.JSON)(shown, label=label, visible=False)
    made.api_info = lambda: schema_of(hint)
    made.data_model = None  # server.files checks what is sent
    made.left_out = default  # what it is where a request is too short, see server.guard
    if hint == Sent:
        name = EXAMPLES[label]
        example = {"path": name, "url": name, "orig_name": name, "meta": {"_type": "gradio.FileData"}}
        made.example_payload = made.example_value = lambda: example
    else:
        made.example_payload = made.example_value = lambda: shown
    return made


def schema_of(hint: Any) -> dict[str, Any]:
    """A type as JSON schema; files are those that Gradio's clients upload and download by themselves."""
    if hint == Sent:
        return FILE | {"additional_description": "A data URI or an address on this page is accepted, too."}
    if hint == Given:
        return FILE
    if hint == Form:
        return {"enum": ["file", "data"]}
    if typing.get_origin(hint) is list and typing.get_args(hint) == (Given,):
        return {"type": "array", "items": FILE}
    return dict(python_type_to_json_schema(hint))


def publish(function: Callable[..., Any], *, api_name: str, queue: bool = False, **settings: Any) -> None:
    """Makes a function an endpoint for programs of the page that is being built.

    It is an event of components that nobody sees. `gr.api`, which makes endpoints without components, has no files, and
    apps cannot load a page that has such endpoints.

    Args:
        function: with types; its docstring describes the endpoint.
        api_name: of the endpoint.
        queue: whether it waits in Gradio's queue; long work has a line of its own, see server.jobs.
        settings: further ones of Gradio's.
    """
    hints = typing.get_type_hints(function)
    answer = hints.pop("return")
    answers = typing.get_args(answer) if typing.get_origin(answer) is tuple else (answer,)
    parameters = signature(function).parameters
    inputs = [component(hints[name], name, default_of(parameter)) for name, parameter in parameters.items()]
    gr.on(
        [inputs[0].upload if isinstance(inputs[0], gr.File) else inputs[0].input],  # only programs make it happen
        endpoint(without_traces(function)),
        inputs,
        [component(hint, f"answer {number}") for number, hint in enumerate(answers, start=1)],
        preprocess=False,
        postprocess=False,
        show_progress="hidden",
        api_name=api_name,
        api_description=getdoc(function),
        queue=queue,
        trigger_mode="multiple",
        **settings,
    )


def default_of(parameter: Parameter) -> Any:
    """The default of a parameter, None where there is none; that of files, "", is none."""
    return None if parameter.default in (Parameter.empty, "") else parameter.default


def without_traces(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """A function after which the uploads that it was called with are deleted, whatever came of it; it also refuses what
    is no form of an answer."""

    @functools.wraps(function)
    def called(*arguments: Arguments.args, **keywords: Arguments.kwargs) -> Answer:
        try:
            form = signature(function).bind(*arguments, **keywords).arguments.get("form")
            if form not in (None, "file", "data"):
                raise InvalidInput(f"The form of the answer is {str(form)[:60]!r}; file and data are accepted.")
            return function(*arguments, **keywords)
        finally:
            for value in (*arguments, *keywords.values()):
                discard(value)

    return called


def given(content: bytes, kind: str, form: Form, sent: Sent = "") -> Given:
    """A picture or a clip as it is answered.

    Args:
        content: of the file.
        kind: a key of media.images.KINDS.
        form: "file" or "data"; None where a request did not say, which is then answered in the form in which it sent a
            file itself, and with a data URI if it sent none, as it was before there were files.
        sent: the file that the request sent.
    """
    if form == "data" or (form != "file" and named(sent) is None):
        return data_uri(content, kind)
    name = "clip" if KINDS[kind].startswith("video/") else "picture"
    return results.keep(content, f"{name}.{kind}", KINDS[kind])
