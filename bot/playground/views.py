"""The modals each person has open, one above the other, and everybody's Home tab."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import chain

from bot.playground.errors import SlackError
from bot.playground.inputs import initial_state
from bot.playground.model import Document, Json, View
from bot.playground.notices import Notices
from bot.playground.store import Shelf, Store

STACK_LIMIT = 3


@dataclass(frozen=True)
class Stack(Document):
    """The open modals of a person, the visible one last."""

    views: list[str] = field(default_factory=list)


class Views:
    """All open views; `new_id` gives random letters for ids and hashes."""

    def __init__(self, store: Store, notices: Notices, new_id: Callable[[], str]) -> None:
        self._views: Shelf[View] = Shelf(store, "view", View)
        self._stacks = Shelf(store, "stack", Stack)
        self._homes: Shelf[View] = Shelf(store, "home", View)
        self._notices = notices
        self._new_id = new_id

    def get(self, view_id: str) -> View:
        """The modal or Home; raises not_found."""
        for view in chain(self._views, self._homes):
            if view.id == view_id:
                return view
        raise SlackError("not_found")

    def by_external_id(self, external_id: str) -> View:
        """The view that the bot gave this name; raises not_found."""
        for view in chain(self._views, self._homes):
            if view.payload.get("external_id") == external_id:
                return view
        raise SlackError("not_found")

    def stack(self, user: str) -> list[View]:
        """The open modals of a person, the visible one last."""
        return [self.get(view_id) for view_id in self._stack(user)]

    def home(self, user: str) -> View | None:
        """The Home tab of a person as the bot published it last."""
        return self._homes.get(user)

    def open(self, user: str, payload: Json) -> View:
        """A new stack with this modal; what was open before is closed, as in Slack."""
        self.clear(user)
        return self.push(user, payload)

    def push(self, user: str, payload: Json) -> View:
        """This modal above those that are open; raises push_limit_reached."""
        stack = self.stack(user)
        if len(stack) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        view = self._view("modal", user, payload)
        below = stack[-1] if stack else view
        view = replace(
            view, previous_view_id=stack[-1].id if stack else None, root_view_id=below.root_view_id or view.id
        )
        self._views.put(view.id, view)
        self._stacks.put(user, Stack([*self._stack(user), view.id]))
        self._notices.publish("view_opened", {"view_id": view.id}, {user})
        return view

    def update(self, view: View, payload: Json, expected_hash: str | None = None) -> View:
        """Other content for a view; what was entered into inputs that remain is kept. Raises hash_conflict."""
        if expected_hash not in (None, view.hash):
            raise SlackError("hash_conflict")
        state = initial_state(payload["blocks"])
        for block_id, action_id in [(b, a) for b, actions in state.items() for a in actions]:
            entered = view.state_values.get(block_id, {}).get(action_id)
            if entered and entered["type"] == state[block_id][action_id]["type"]:
                state[block_id][action_id] = entered
        updated = replace(view, payload=payload, hash=self._hash(), state_values=state)
        self._keep(updated)
        self._tell_changed(updated)
        return updated

    def publish_home(self, user: str, payload: Json, expected_hash: str | None = None) -> View:
        """Put this Home tab in place of the person's earlier one. Raises hash_conflict."""
        earlier = self.home(user)
        if earlier:
            return self.update(earlier, payload, expected_hash)
        view = self._view("home", user, payload)
        self._homes.put(user, replace(view, root_view_id=view.id))
        self._tell_changed(view)
        return self.get(view.id)

    def remember(self, view: View, state_values: dict[str, dict[str, Json]]) -> View:
        """Keep what the person has entered so far."""
        return self._keep(replace(view, state_values=state_values))

    def close(self, view: View) -> None:
        """Take a modal and those above it off the stack; one that is closed already is no error."""
        stack = self._stack(view.user)
        if view.id not in stack:
            return
        for view_id in stack[stack.index(view.id) :]:
            self._views.remove(view_id)
            self._notices.publish("view_closed", {"view_id": view_id}, {view.user})
        self._stacks.put(view.user, Stack(stack[: stack.index(view.id)]))

    def clear(self, user: str) -> None:
        """Close every modal of a person."""
        for view in self.stack(user)[:1]:
            self.close(view)

    def _stack(self, user: str) -> list[str]:
        stack = self._stacks.get(user)
        return stack.views if stack else []

    def _view(self, kind: str, user: str, payload: Json) -> View:
        return View(
            id=f"V{self._new_id()}",
            type="home" if kind == "home" else "modal",
            user=user,
            payload=payload,
            hash=self._hash(),
            state_values=initial_state(payload["blocks"]),
        )

    def _keep(self, view: View) -> View:
        return self._homes.put(view.user, view) if view.type == "home" else self._views.put(view.id, view)

    def _hash(self) -> str:
        return self._new_id().lower()

    def _tell_changed(self, view: View) -> None:
        if view.type == "home":
            self._notices.publish("home", {}, {view.user})
        else:
            self._notices.publish("view_updated", {"view_id": view.id}, {view.user})
