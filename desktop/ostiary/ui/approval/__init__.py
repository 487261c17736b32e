"""The prompt: one window that shows what waits for the person, and reports what the person answers.

``visible lines json_text guard queue wording plan_words`` are pure and know no Qt; the others are widgets over them.
"""
