#!/usr/bin/env python3
"""The words of a list in small letters, sorted, each once: written_words.py LIST > TAG.written.txt"""
import sys

words = {line.strip().lower() for line in open(sys.argv[1], encoding="utf-8")}
sys.stdout.reconfigure(encoding="utf-8")
sys.stdout.write("".join(word + "\n" for word in sorted(words) if word))
