"""The actions that work on every page: projects, what runs beside, settings, help."""

from landmark_annotator.annotator.gui.pages.action_card import ActionCard

PROJECT_AND_EDIT: tuple[ActionCard, ...] = (
    ActionCard(
        "new",
        "Project",
        "New project\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+N",),
        "Make a project of a folder of images",
    ),
    ActionCard(
        "open",
        "Project",
        "Open a project\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+O",),
        "Open the folder of a project",
    ),
    ActionCard(
        "import",
        "Project",
        "Import images or labels\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+I",),
        "Bring images or labels into this project, after a look at what would happen",
    ),
    ActionCard(
        "take_back",
        "Project",
        "Take back an import\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+Shift+I",),
        "Take the labels of a wrong file back, all but what people have changed since",
    ),
    ActionCard(
        "export",
        "Project",
        "Export labels\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+E",),
        "Write labels for other programs, after a look at what would be written and lost",
    ),
    ActionCard(
        "clip",
        "Project",
        "Write the labelled video\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+Shift+E",),
        "Write the video that is open, or the frames that are marked, as an MP4 with its landmarks "
        "drawn",
    ),
    ActionCard(
        "landmarks",
        "Project",
        "Landmarks and regions\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+Shift+L",),
        "Add, rename, order, pair, join or colour landmarks, and regions that have masks, after a "
        "look at what becomes of the labels",
    ),
    ActionCard(
        "related",
        "Project",
        "Related images\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+Shift+G",),
        "Say which images show the same person, animal or scene: no model is judged by images that "
        "are related to what it has learned from",
    ),
    ActionCard(
        "people",
        "Project",
        "People\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+Shift+P",),
        "Say who takes part: who only labels, who reviews, who leads; alone one needs no list",
    ),
    ActionCard(
        "locate",
        "Project",
        "Find moved files\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+Shift+F",),
        "Look in a folder for photographs and videos that are missing, by their content",
    ),
    ActionCard(
        "close",
        "Project",
        "Close the project",
        ("Ctrl+W",),
        "Go back to the start page; every click is stored already",
    ),
    ActionCard(
        "preferences",
        "Project",
        "Preferences\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+,",),
        "Light or dark, the size of letters, and which key does what",
    ),
    ActionCard("quit", "Project", "Quit", ("Ctrl+Q",), "Close the program"),
    ActionCard("undo", "Edit", "Undo", ("Ctrl+Z",), "Take the last action back, on any image"),
    ActionCard("redo", "Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Do again what was taken back"),
)

MODEL: tuple[ActionCard, ...] = (
    ActionCard(
        "train",
        "Model",
        "Train in the background",
        ("Ctrl+T",),
        "Train a model on the accepted shapes while you label, or stop it; it goes on later",
        toggles=True,
    ),
    ActionCard(
        "propose",
        "Model",
        "Propose for all images",
        ("Ctrl+P",),
        "Find what bare images hold, and how sure the model is of all that is not accepted",
    ),
    ActionCard(
        "follow",
        "Model",
        "Follow objects through the video\N{HORIZONTAL ELLIPSIS}",
        ("Ctrl+Shift+T",),
        "Tell the objects of the video that is open apart from frame to frame, as tracks, and "
        "propose for all frames of each together",
    ),
)

HELP: tuple[ActionCard, ...] = (
    ActionCard("tour", "Help", "Tour", ("Shift+F1",), "The first steps, told while you take them"),
    ActionCard("keys", "Help", "Keys", ("?", "F1"), "Show what every key and button does"),
)
