"""What somebody is found by: her name and every way to begin typing it, one a line."""

from cop.search.text import CJK_RUN, fold, pinyin_forms, syllables

#: What a row of `users` keeps of it; no name within the limits comes near.
LIMIT = 2000


def sought_by(name: str, handle: str) -> str:
    """Return the lines, with line ends around each: a line end and what was typed finds beginnings.

    "王 建国" is found by 王建国, 建国, 国, wangjianguo, jianguo and wjg; "Mary Ann Lee" by maryannlee, annlee and lee.
    """
    folded = fold(name)
    words = folded.split()
    lines = ["".join(words[at:]) for at in range(len(words))]
    han = "".join(words)
    if CJK_RUN.search(han):
        lines += [han[at:] for at in range(1, len(han))]
        spelt = [one.strip().lower() for one in syllables(name)]
        lines += ["".join(one[:1] for one in spelt), *pinyin_forms(name).split()]
    lines.append(fold(handle))
    kept = "".join(f"\n{line}" for line in dict.fromkeys(filter(None, lines)))
    return f"{kept[:LIMIT]}\n" if kept else ""
