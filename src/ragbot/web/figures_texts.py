"""Words of the page of figures: each line in Chinese and English."""

from ragbot.schema import Language

TEXTS: dict[str, tuple[str, str]] = {
    "figures_tab": ("数字", "Figures"),
    "figures_lead": (
        "文档中的每一个数字：谁的、是什么、多少、何时、出自哪一句。点开一行或一根柱，看原文。",
        "Every figure of the documents: whose, of what, how much, when, in which sentence. Open a row or a bar.",
    ),
    "figures_search": ("搜索公司、指标或原文", "Search companies, measures or sentences"),
    "figures_segment": ("环节", "Segment"),
    "figures_who": ("公司", "Company"),
    "figures_unit": ("单位", "Unit"),
    "figures_currency": ("图中货币", "Currency of the plot"),
    "figures_doubtful": ("只看说法不一的", "Only where documents disagree"),
    "figures_csv": ("下载 CSV", "Download CSV"),
}

# What the drawings say: in the language of the page.
PHRASES: dict[str, tuple[str, str]] = {
    "all": ("全部", "All"),
    "who": ("公司", "Company"),
    "what": ("指标", "Measure"),
    "value": ("数值", "Value"),
    "period": ("时期", "Period"),
    "segment": ("环节", "Segment"),
    "sort": ("按{column}排序", "Sort by {column}"),
    "change": ("变动", "change"),
    "count": ("{count} 个数字", "{count} figures"),
    "first": (
        "{count} 个数字，显示前 {shown} 个：可用筛选缩小范围",
        "{count} figures, the first {shown} shown: filter for others",
    ),
    "none": ("没有符合条件的数字。", "No figure fits."),
    "no_amounts": ("没有可以画出的金额。", "No amounts to plot."),
    "plot": ("谁赚多少：按环节和公司，{currency}", "Who earns what: by segment and company, {currency}"),
    "log": ("对数刻度：每格十倍", "Logarithmic scale: each step is ten times"),
    "apart": (
        "不同货币分开画，不作汇率换算；价格、费率和变动只列在表中。",
        "Currencies are plotted apart, never exchanged; prices, rates and changes stand in the table only.",
    ),
    "unopened": ("点一行或一根柱，原文会显示在这里。", "Open a row or a bar: its passage appears here."),
    "close": ("关闭", "Close"),
    "page": ("第 {page} 页", "page {page}"),
    "outside": ("原文注明的来源", "Sources that the document names"),
    "also": ("同一事实的其他出处", "The same fact elsewhere"),
    "disagree": ("说法不一", "The documents disagree"),
    "disagree_period": (
        "此处写的是“{here}”，所引来源的标题写的是“{there}”：{place}",
        "Here it says “{here}”, the title of the source it cites says “{there}”: {place}",
    ),
    "disagree_value": (
        "此处是 {here}，{place} 另一处是 {there}",
        "Here it is {here}, elsewhere in {place} it is {there}",
    ),
    "disagree_translation": (
        "此处是 {here}，另一语言的文档 {place} 是 {there}",
        "Here it is {here}, the document in the other language, {place}, says {there}",
    ),
    "percent": ("%", "%"),
    "point": ("百分点", "points"),
    "multiple": ("倍", "times"),
    "fraction": ("几分之几", "fractions"),
    "count_unit": ("计数", "counts"),
    "months": ("月", "months"),
    "years": ("年", "years"),
    "weeks": ("周", "weeks"),
    "days": ("天", "days"),
    "hours": ("小时", "hours"),
    "minutes": ("分钟", "minutes"),
}


def phrase(name: str, language: Language, **values: object) -> str:
    """The phrase in that language, its places filled."""
    return PHRASES[name][language == "en"].format(**values)
