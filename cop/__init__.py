"""同行 Tongxing: a community of practice in Chinese and English."""

__version__ = "0.1.0"
