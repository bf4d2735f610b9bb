"""Who takes part in a project, what each may do, and who has which image in hands.

Without people in its list a project is everybody's: then no rule of this room applies.
"""
