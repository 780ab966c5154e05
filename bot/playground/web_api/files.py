"""files.*: a file in three steps, as Slack wants it: an address to upload to, the upload, and where it shows."""

from base64 import b64decode, b64encode

from fastapi import APIRouter, HTTPException, Request, Response

from bot.playground.errors import SlackError
from bot.playground.model import BOT_USER_ID, Json
from bot.playground.playground import Playground
from bot.playground.web_api.arguments import Arguments

FILE, UPLOAD, DOWNLOAD = "file", "/upload/v1", "/files-pri"


def get_upload_url(playground: Playground, arguments: Arguments) -> Json:
    """Where to send a file of that name and length (in bytes)."""
    name, length = arguments.required("filename"), arguments.required("length")
    if not length.isdecimal() or not int(length):
        raise SlackError("invalid_arguments")
    file_id = f"F{playground.workspace.new_id()}"
    playground.store.put(FILE, file_id, {"name": name, "length": int(length), "content": None})
    return {"upload_url": f"{playground.settings.origin}{UPLOAD}/{file_id}", "file_id": file_id}


def complete_upload(playground: Playground, arguments: Arguments) -> Json:
    """Show what was uploaded in a channel, as one message of the bot."""
    wanted = arguments.structure("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise SlackError("invalid_arguments")
    shown = [_shown(playground, str(one["id"]), str(one.get("title") or "")) for one in wanted]
    channel = playground.workspace.find_channel_for(BOT_USER_ID, arguments.required("channel_id", "channel_not_found"))
    text = arguments.text("initial_comment")
    message = playground.workspace.message_book.post(channel, BOT_USER_ID, text, files=shown)
    playground.events.message_posted(channel, message)
    return {"files": [{"id": one["id"], "title": one["title"]} for one in shown]}


def files_router(playground: Playground) -> APIRouter:
    """The address of each upload, and of each download."""
    router = APIRouter()

    async def upload(file_id: str, request: Request) -> Response:
        content = await request.body()
        file = playground.store.load(FILE).get(file_id)
        if file is None or file["content"] is not None or len(content) != file["length"]:
            raise HTTPException(400, "This upload does not fit what was announced.")
        playground.store.put(FILE, file_id, {**file, "content": b64encode(content).decode()})
        return Response(f"OK - {len(content)}")

    async def download(file_id: str, name: str) -> Response:
        file = playground.store.load(FILE).get(file_id)
        if file is None or file["content"] is None or file["name"] != name:
            raise HTTPException(404, "There is no such file.")
        headers = {"Content-Disposition": f'attachment; filename="{file_id}"'}
        return Response(b64decode(file["content"]), media_type="application/octet-stream", headers=headers)

    router.add_api_route(UPLOAD + "/{file_id}", upload, methods=["POST"])
    router.add_api_route(DOWNLOAD + "/{file_id}/{name}", download)
    return router


def _shown(playground: Playground, file_id: str, title: str) -> Json:
    file = playground.store.load(FILE).get(file_id)
    if file is None or file["content"] is None:
        raise SlackError("file_not_found")
    address = f"{playground.settings.origin}{DOWNLOAD}/{file_id}/{file['name']}"
    return {
        "id": file_id,
        "name": file["name"],
        "title": title or file["name"],
        "size": file["length"],
        "url_private_download": address,
    }


METHODS = {"files.getUploadURLExternal": get_upload_url, "files.completeUploadExternal": complete_upload}
