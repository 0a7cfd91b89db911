"""Which browser and system a session was begun with, in words a person recognises; never more than that."""

import re

#: Looked for in this order, since most browsers also claim to be another.
_BROWSERS = (
    (re.compile(r"MicroMessenger"), "WeChat"),
    (re.compile(r"Edg(e|A|iOS)?/"), "Edge"),
    (re.compile(r"OPR/|Opera"), "Opera"),
    (re.compile(r"QQBrowser"), "QQ Browser"),
    (re.compile(r"UCBrowser"), "UC Browser"),
    (re.compile(r"HuaweiBrowser"), "Huawei Browser"),
    (re.compile(r"MiuiBrowser"), "Mi Browser"),
    (re.compile(r"Firefox/|FxiOS/"), "Firefox"),
    (re.compile(r"Chrome/|CriOS/|Chromium/"), "Chrome"),
    (re.compile(r"Safari/"), "Safari"),
)
_SYSTEMS = (
    (re.compile(r"HarmonyOS|OpenHarmony"), "HarmonyOS"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"iPhone"), "iPhone"),
    (re.compile(r"iPad"), "iPad"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Mac OS X|Macintosh"), "Mac"),
    (re.compile(r"Linux|X11"), "Linux"),
)


def described(user_agent: str) -> tuple[str, str]:
    """Return browser and system, each empty where it is not known."""
    browser = next((name for pattern, name in _BROWSERS if pattern.search(user_agent)), "")
    system = next((name for pattern, name in _SYSTEMS if pattern.search(user_agent)), "")
    return browser, system
