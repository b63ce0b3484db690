"""What is measured: revenue or profit, price or pay. One such word is the difference between two answers.

The table is for an analyst to review. A measure may be a kind of another: a net profit is a profit, while a profit
need not be net.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from ragbot.language import HAN, fold
from ragbot.schema import Language

# Measure, what it is a kind of | Chinese | English; terms parted by '|'. What bears a '~' says that a measure is given,
# but in a question is too loose to ask for it: "people" may be employees, "what share" need not be of a market.
MEASURES = (
    ("revenue", "", "收入|营收|营业额|销售额|进账|~入账", "revenue|revenues|turnover|sales|takings|~took|~take in"),
    ("revenue", "", "", "turn over|turned over"),
    ("revenue", "", "", "~income|~brought in|~brings in"),
    ("profit", "", "利润|盈利|获利|盈余|~赚", "profit|profits|profitable|earnings|in the black|~income|~earned|~earns"),
    ("net profit", "profit", "净利润|净利|纯利|净收益|净赚|税后利润", "net profit|net profits|net income"),
    ("net profit", "profit", "", "net earnings|profit after tax|after-tax profit|earnings after tax"),
    ("net profit", "profit", "", "earn after tax|earned after tax"),
    ("pre-tax profit", "profit", "税前利润|利润总额|税前盈利", "pre-tax profit|pretax profit|profit before tax"),
    ("pre-tax profit", "profit", "", "before tax|earnings before tax"),
    ("operating profit", "profit", "营业利润|经营利润|运营利润|营运利润", ""),
    ("operating profit", "profit", "", "operating profit|operating profits|operating income"),
    ("gross profit", "profit", "毛利|毛利润", "gross profit|gross profits"),
    ("EBITDA", "profit", "息税折旧摊销前利润|ebitda", "ebitda"),
    ("loss", "", "亏损|亏了|亏掉|亏钱|赔了|~亏", "loss|losses|lose|loses|losing|lost|in the red"),
    ("margin", "", "利润率", "margin|margins"),
    ("gross margin", "margin", "毛利率", "gross margin|gross margins"),
    ("net margin", "margin", "净利率|净利润率", "net margin|net margins"),
    ("operating margin", "margin", "营业利润率|经营利润率", "operating margin|operating margins"),
    ("market share", "", "市场份额|市占率|市场占有率|~份额", "market share|market shares|share of the market|~share"),
    ("share price", "", "股价", "share price|share prices|stock price|stock prices|~shares closed|~its shares"),
    ("valuation", "", "市值|估值", ""),
    ("valuation", "", "", "market value|market cap|market capitalisation|market capitalization|valuation|valued at"),
    ("valuation", "", "", "~valued"),
    ("dividend", "", "股息|分红|派息|股利", "dividend|dividends"),
    ("debt", "", "债务|负债|借款|~欠", "debt|debts|borrowings|liabilities|~owes|~owed|~loan|~loans"),
    ("receivables", "", "应收账款|应收款|应收帐款", "receivables|accounts receivable|trade receivables"),
    ("funding", "", "融资|募资|筹资|~筹集", "funding|fundraising|~raised|~financing"),
    ("budget", "", "预算", "budget|budgets|~budgeted"),
    ("tax", "", "税款|税率|关税|税收|~税", "tax|taxes|tariff|tariffs|~levy|~duty|~duties"),
    ("pay", "", "工资|薪水|薪酬|年薪|月薪|薪资|时薪", "salary|salaries|wage|wages|~pay|~paid|~earn|~earns"),
    ("price", "", "价格|售价|单价|定价|房价|票价|运价|~均价|~价|~费|~卖", ""),
    ("price", "", "", "price|prices|fare|fares|~priced|~cost|~costs|~fee|~fees"),
    ("price", "", "~租金|~付", ""),
    ("price", "", "", "~charge|~charges|~charged|~rate|~rates|~rent|~rents|~paid|~pay|~pays|~sell|~sells|~sold"),
    ("advertising", "", "广告", "advertising|advertisement|advertisements|~ads|~marketing"),
    ("research", "", "研发", "r&d|research and development|~research"),
    ("capital spending", "", "资本开支|资本支出", "capital expenditure|capital spending|capex"),
    ("headcount", "", "员工数|员工人数|员工总数|雇员人数|~员工|~雇员|~职工", ""),
    ("headcount", "", "", "headcount|~employees|~employs|~employ|~staff|~workforce"),
    ("headcount", "", "~聘用|~雇用", "~people|~workers|~payroll"),
    ("penetration", "", "渗透率|普及率", "penetration"),
    ("retention", "", "留存率|续约率|复购率|续费率", "retention|renewal rate|~renewed|~renew"),
    ("churn", "", "流失率|离职率|~流失|~离职", "churn|attrition|~leave|~left|~quit"),
    ("occupancy", "", "入住率|出租率", "occupancy|~rooms sold|~of their rooms|~of its rooms"),
    ("load factor", "", "客座率|上座率|载客率", "load factor|load factors|~seats filled|~of seats|~of its seats"),
    ("backlog", "", "在手订单|手持订单|积压订单", "backlog|order book|~orders in hand"),
    # Offices and the like count as one telling word: the name of another office is another answer.
    ("chief executive", "", "首席执行官|执行长|~掌门人|~掌舵|~执掌|~当家|~老板", ""),
    ("chief executive", "", "", "chief executive|chief executives|ceo|~runs|~run by|~heads|~boss"),
    ("finance director", "", "财务总监|首席财务官|财务长", ""),
    ("finance director", "", "", "finance director|chief financial officer|cfo|finance chief"),
    ("chief technologist", "", "首席技术官|技术总监|首席科学家", "chief technology officer|cto|chief scientist"),
    ("president", "", "总裁", "president"),
    ("general manager", "", "总经理", "general manager|managing director"),
    ("chair", "", "董事长|董事会主席", "chairman|chairwoman|chair of the board|~chair|~chairs|~chaired"),
    ("founder", "", "创始人|创办人|~创立|~创办", "founder|founders|~founded|~founding"),
    ("headquarters", "", "总部|~总部设在", "headquarters|head office|headquartered|~based in|~seat"),
    ("warranty", "", "质保|保修|质保期", "warranty|warranties|~guarantee"),
    ("inventory", "", "库存|存货", "inventory|inventories|~stock|~stocks"),
)  # fmt: skip


OFFICES = frozenset(
    ("chief executive", "finance director", "chief technologist", "president", "general manager", "chair", "founder")
)
"""Those of them that are held by somebody."""

MONEY = frozenset(
    (
        *("revenue", "profit", "net profit", "pre-tax profit", "operating profit", "gross profit", "EBITDA", "loss"),
        *("valuation", "dividend", "debt", "receivables", "funding", "budget", "capital spending"),
    )
)
"""Those of them whose figures are amounts of money, or how these changed."""

WHO = re.compile(r"谁|誰|哪位|\bwho\b|\bwhat's the name\b|叫什么", re.IGNORECASE)


@lru_cache(maxsize=8_000)
def given(text: str) -> frozenset[str]:
    """The measures that a text may give, with those that they are kinds of."""
    found = {name for _, names in _terms_of(text) for name in names}
    return frozenset(found | {_kinds()[name] for name in found if _kinds()[name]})


def asked(question: str) -> tuple[frozenset[str], ...]:
    """What a question asks to be measured: for each of its terms, the measures that it may mean."""
    return tuple(dict.fromkeys(names for _, names in _asking(question)))


def called(text: str, language: Language) -> str:
    """How a language calls the one measure that a text, such as a table's heading, names; '' where it names not one."""
    meant = asked(text)
    if len(meant) != 1:
        return ""
    terms = "|".join(row[2 if language == "zh" else 3] for row in MEASURES if row[0] in meant[0]).split("|")
    return next((term for term in terms if term and not term.startswith("~")), "")


def spans(question: str) -> list[tuple[int, int]]:
    """Where a question names what is to be measured, as offsets; none where folding moves them."""
    folded = fold(question)
    found = [match.span() for match in _pattern().finditer(folded) if match.group() in _strong()]
    return found if len(folded) == len(question) else []


def without(question: str) -> str:
    """The question less the terms by which it asks for a measure."""
    terms = sorted((term for term, _ in _asking(question)), key=len, reverse=True)
    text = fold(question) if terms else question
    for term in terms:
        text = re.sub(f"总?{_bounded(term)}", " ", text)  # 当季总营收 is not "当季总" and 营收
    return text


def _asking(question: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The terms by which a question asks for a measure. Who runs a firm is its chief executive."""
    of_whom = bool(WHO.search(question))
    for term, names in _terms_of(question):
        if term in _strong():
            yield term, _strong()[term]
        elif of_whom and "chief executive" in names:
            yield term, names


@lru_cache(maxsize=8_000)
def _terms_of(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Each term of a text, the longest at its place, and the measures that it may mean."""
    return tuple((match.group(), _loose()[match.group()]) for match in _pattern().finditer(fold(text)))


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(_bounded(term) for term in sorted(_loose(), key=len, reverse=True)))


def _bounded(term: str) -> str:
    return re.escape(term) if HAN.search(term) else rf"(?<![a-z0-9]){re.escape(term)}(?![a-z0-9])"


@cache
def _loose() -> dict[str, frozenset[str]]:
    """All terms, folded, and the measures that each may mean."""
    return _table(strong_only=False)


@cache
def _strong() -> dict[str, frozenset[str]]:
    """The terms by which a question asks for a measure."""
    return _table(strong_only=True)


def _table(strong_only: bool) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, term in _entries():
        if not (strong_only and term.startswith("~")):
            found.setdefault(term.removeprefix("~"), set()).add(name)
    return {term: frozenset(names) for term, names in found.items()}


def _entries() -> Iterator[tuple[str, str]]:
    for name, _, chinese, english in MEASURES:
        yield from ((name, term) for term in f"{chinese}|{english}".split("|") if term)


@cache
def _kinds() -> dict[str, str]:
    return {name: kind for name, kind, _, _ in MEASURES}
