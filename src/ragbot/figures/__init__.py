"""Figures in Chinese and English: `read` them in a text, `compare` them with a passage, `write` them in a language.

    written                                            value              unit         further
    308亿美元, $30.8 billion, US$30.8bn                30800000000        USD          (ISO 4217 codes)
    1.2万亿元, 人民币1.2万亿元, RMB 1.2 trillion       1200000000000      CNY
    每天约70万美元, about $700,000 a day               700000             USD          per day, qualifier about
    112%, 百分之一百一十二, 112 percent                112                percent
    两成, 七成五                                       20, 75             percent
    12个百分点, 12 percentage points; 50个基点, 50 bps 12; 0.5            point
    6倍以上, more than 6 times, sixfold, 6x            6                  multiple     qualifier at-least, over
    翻一番, doubled, twice; 翻两番                     2; 4               multiple
    三分之一, one third, 1 in 3; 一半, half            0.333..., 0.5      fraction
    300万用户, 3 million users; 四个环节, four segments 3000000; 4        count
    500万千瓦, 5 GW; 120万桶, 1.2 million barrels      5e9; 1.2e6        W, bbl        (vocabulary.MEASURES)
    18个月, 18 months; 三年半, 3.5 years               18; 3.5            months, years
    第三大, third-largest, No. 3, ranked third         3                  rank
    2024年, 2024                                       2024               year         period 2024
    2024财年第三季度, Q3 FY2024                        2024.09            period       period FY2024Q3 (see periods)

A unit or scale that stands once holds for its list or range: 30至40亿美元 is two figures. What an amount grew by or to
is not told apart: 增长了两倍 and 增长到两倍 are both 2. A minus before the figure makes it negative, 下降 does not.
`text` holds currency, number, scale, unit and a rate that follows, but no qualifier and no rate that comes before.

Not figures: digits within names (GPT-4, MI300, 5G, Llama 3.1, page 12), codes, versions, times, section numbers,
citation marks, days and months without a year, vague amounts (数十亿, several billion), and one or 一 as an article.
A small number in words is a count only before what it counts.
"""

from ragbot.figures.comparing import compare, meets
from ragbot.figures.reading import read, without
from ragbot.figures.writing import write

__all__ = ["compare", "meets", "read", "without", "write"]
