"""How right a reading is: words found, and character errors of each line where it was found.

A line's errors are the edits of its best match anywhere in what was read (Sellers 1980, computed with Myers' bit
vectors), at most its own length, so that the order of lines does not count. White space runs count as one space.
"""
import collections
import re
import unicodedata


def normal(text):
    text = unicodedata.normalize("NFC", text)
    for typographic, plain in (("’", "'"), ("ʼ", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("„", '"'), ("«", '"'),
                               ("»", '"'), ("—", "-"), ("–", "-"), ("…", "...")):
        text = text.replace(typographic, plain)
    return re.sub(r"\s+", " ", text).strip()


def words(text):
    cut = (re.sub(r"^\W+|\W+$", "", word) for word in normal(text).casefold().split())
    return [word for word in cut if word]


def words_found(truth, read):
    """(found, all): each word of the truth that stands among those read, counted as often as it is there."""
    have = collections.Counter(words(read))
    want = collections.Counter(words(truth))
    return sum(min(count, have[word]) for word, count in want.items()), sum(want.values())


def line_errors(line, read):
    """Edits of the best match of `line` anywhere in `read`."""
    size = len(line)
    if not size:
        return 0
    masks = collections.defaultdict(int)
    for index, letter in enumerate(line):
        masks[letter] |= 1 << index
    full, top = (1 << size) - 1, 1 << (size - 1)
    plus, minus, score = full, 0, size
    best = size
    for letter in read:
        equal = masks.get(letter, 0)
        vertical = equal | minus
        horizontal = (((equal & plus) + plus) ^ plus) | equal
        up = (minus | ~(horizontal | plus)) & full
        down = plus & horizontal
        score += bool(up & top) - bool(down & top)
        up = up << 1 & full
        down = down << 1 & full
        plus = (down | ~(vertical | up)) & full
        minus = up & vertical
        best = min(best, score)
    return best


def errors(truth, read):
    """(errors, characters) over the lines of the truth."""
    read = normal(read)
    lines = [normal(line) for line in truth.splitlines() if line.strip()]
    return sum(line_errors(line, read) for line in lines), sum(map(len, lines))


def invented(read):
    """Letters and digits read where nothing is written."""
    return sum(letter.isalnum() for letter in read)
