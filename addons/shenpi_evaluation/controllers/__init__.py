from . import rating, rating_board, rating_terminal
from . import faq, grievance
