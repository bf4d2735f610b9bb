"""Small pictures of the images for the list: made in a thread, kept while there is room."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QImageIOHandler,
    QImageReader,
    QImageWriter,
    QPainter,
    QPixmap,
)

from landmark_annotator.annotator.gui.canvas.layers.backdrop import packed
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.projects.images import MAX_PIXELS, Elsewhere, Source, overview
from landmark_annotator.projects.remote.cache import kept
from landmark_annotator.projects.vocabulary.arrays import Pixels

SIZE = QSize(40, 30)
_KEPT = 600
_QUARTER_TURN = QImageIOHandler.Transformation.TransformationRotate90
_AS_STORED = (
    QImage.Format.Format_Invalid,  # not known before: of GIF and WebP, which have 8 bits
    QImage.Format.Format_Mono,
    QImage.Format.Format_MonoLSB,
    QImage.Format.Format_Indexed8,
    QImage.Format.Format_Grayscale8,
    QImage.Format.Format_RGB32,
    QImage.Format.Format_ARGB32,
    QImage.Format.Format_ARGB32_Premultiplied,
    QImage.Format.Format_RGB888,
    QImage.Format.Format_CMYK8888,
)
"""Of no more than 8 bits a channel, which the canvas shows as they are too."""
_ENOUGH = 500
"""Pixels of a shorter side that show as much in a thumbnail as more of them do."""
_WAITING = 60
"""The newest requests; who scrolls past a thousand rows wants to see the last of them."""


class Thumbnails(QObject):
    ready = Signal(int)
    """(image id) `picture` has it now."""

    def __init__(self, source_of: Callable[[int], Source], parent: QObject | None = None) -> None:
        """source_of: an image by its id; asked when its row is first seen."""
        super().__init__(parent)
        self._source_of = source_of
        self._at_work = Tasks(1, self)
        self._waiting: OrderedDict[int, Source] = OrderedDict()
        self._being_made: int | None = None
        self._made: OrderedDict[int, QPixmap | None] = OrderedDict()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._come_back)

    def picture(self, image_id: int) -> QPixmap | None:
        """None until it is ready, which is asked for by this, and where it cannot be made."""
        if image_id in self._made:
            self._made.move_to_end(image_id)
            return self._made[image_id]
        if image_id not in self._waiting and image_id != self._being_made:
            self._waiting[image_id] = self._source_of(image_id)
            if len(self._waiting) > _WAITING:
                self._waiting.popitem(last=False)
            self._go_on()
        return None

    def _go_on(self) -> None:
        """The newest one first: who goes somewhere else looks at what is there, and what was asked
        for before may be decoded half a video away."""
        if self._being_made is not None or not self._waiting:
            return
        image_id, source = self._waiting.popitem()
        self._being_made = image_id
        self._at_work.request(
            str(image_id),
            partial(small_image, source),
            partial(self._keep, image_id),
            partial(self._go_without, image_id),
        )

    def look_again(self) -> None:
        """For those that could not be made."""
        for image_id in [known for known, made in self._made.items() if made is None]:
            del self._made[image_id]
            self.ready.emit(image_id)

    def _come_back(self, state: Qt.ApplicationState) -> None:
        """Who was elsewhere may have put files back."""
        if state == Qt.ApplicationState.ApplicationActive:
            self.look_again()

    def _go_without(self, image_id: int, error: Exception) -> None:
        """The canvas says what is wrong with the image once it is opened."""
        self._keep(image_id, None)

    def close(self) -> None:
        self._at_work.close()

    def _keep(self, image_id: int, image: QImage | None) -> None:
        self._being_made = None
        self._made[image_id] = None if image is None else _in_the_middle(image)
        if len(self._made) > _KEPT:
            self._made.popitem(last=False)
        self.ready.emit(image_id)
        self._go_on()


def nothing_yet() -> QPixmap:
    """As large as a thumbnail, so that names stand in line, with one or without."""
    blank = QPixmap(SIZE)
    blank.fill(Qt.GlobalColor.transparent)
    return blank


def _in_the_middle(image: QImage) -> QPixmap:
    pixmap = nothing_yet()
    room = SIZE - image.size()
    with QPainter(pixmap) as painter:
        painter.drawImage(room.width() // 2, room.height() // 2, image)
    return pixmap


def small_image(source: Source) -> QImage:
    """At most `SIZE`, upright. Raises ImageError where the image cannot be read.

    Of an image elsewhere it is kept beside its copy, for as long: it is seen far more often.
    """
    if isinstance(source, Elsewhere) and source.labelled is not None:
        name = f"thumbnails/{SIZE.width()}x{SIZE.height()}/{source.labelled}.png"
        file = kept(name, lambda file: _as_png(file).write(_small_from_pixels(source.pixels())))
        return QImage(str(file))
    found = None if source.file is None else _small_from_file(source.file)
    return _small_from_pixels(source.pixels()) if found is None else found


def _as_png(file: Path) -> QImageWriter:
    return QImageWriter(str(file), QByteArray(b"png"))


def _small_from_pixels(pixels: Pixels) -> QImage:
    # Of very many pixels the mean of some shows the same; Qt holds Python's lock over all of them.
    step = max(min(pixels.shape[0], pixels.shape[1]) // _ENOUGH, 1)
    return packed(pixels[::step, ::step]).scaled(
        SIZE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def _small_from_file(path: Path) -> QImage | None:
    """None where Qt cannot read it, or does not show it as the canvas does."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    full = reader.size()
    if full.width() * full.height() > MAX_PIXELS:
        return _small_from_pixels(overview(path, 2 * _ENOUGH))
    if reader.imageFormat() not in _AS_STORED:
        return None
    if full.isValid() and full.width() * full.height() > 0:
        # JPEG is decoded at a fraction of its size, which is many times faster.
        turned = bool(reader.transformation() & _QUARTER_TURN)
        room = SIZE.transposed() if turned else SIZE
        reader.setScaledSize(full.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if not image.isNull():
            return image
    return None
