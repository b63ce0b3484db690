"""The words of figures, Chinese beside English: tables for an analyst to review, one entry a line.

Chinese is Simplified and half-width here; `plain` brings Traditional and full-width text to it, character by character.
Words of one meaning are parted by '|'; where a table says so, the first is the one that is written.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

_TRADITIONAL = (
    "億萬兩財約過點個幣圓歐鎊餘數幾間盧韓臺噸輛條種項縮減雙爾銖總標"
    "載於壹會瑞納釐層類門張顆塊輪達將單筆屆戶圖錄驟頁週時鐘際國"
)
_SIMPLIFIED = (
    "亿万两财约过点个币圆欧镑余数几间卢韩台吨辆条种项缩减双尔铢总标"
    "载于一会瑞纳厘层类门张颗块轮达将单笔届户图录骤页周时钟际国"
)
_PLAIN = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | str.maketrans(_TRADITIONAL, _SIMPLIFIED)
    | str.maketrans("　￥￡−–〜【】’‘", " ¥£--~[]''")
)

# Currency: Chinese, after the number (first: written) | signs, before it (first: written) | English, after it
CURRENCIES = (
    ("USD", "美元|美金", "$|US$|USD", "US dollars|U.S. dollars|dollars|dollar|USD"),
    ("CNY", "元|元人民币|人民币元|人民币", "RMB|CNY|CN¥|¥|人民币", "yuan|renminbi|RMB|CNY"),
    ("HKD", "港元|港币", "HK$|HKD|港币", "Hong Kong dollars|HKD"),
    ("TWD", "新台币|新台币元|台币", "NT$|TWD|新台币", "New Taiwan dollars|TWD"),
    ("EUR", "欧元", "€|EUR", "euros|euro|EUR"),
    ("GBP", "英镑", "£|GBP", "pounds|pounds sterling|GBP"),
    ("JPY", "日元|日圆", "JPY|JP¥", "yen|JPY"),
    ("KRW", "韩元|韩圆", "₩|KRW", "won|KRW"),
    ("INR", "卢比|印度卢比", "₹|INR|Rs|Rs.", "rupees|rupee|INR"),
    ("AUD", "澳元|澳大利亚元", "A$|AU$|AUD", "Australian dollars|AUD"),
    ("CAD", "加元|加拿大元", "C$|CA$|CAD", "Canadian dollars|CAD"),
    ("SGD", "新加坡元|新元", "S$|SGD", "Singapore dollars|SGD"),
    ("CHF", "瑞士法郎|瑞郎", "CHF", "Swiss francs|CHF"),
    ("SEK", "瑞典克朗", "SEK", "Swedish kronor|SEK"),
    ("NOK", "挪威克朗", "NOK", "Norwegian kroner|NOK"),
    ("DKK", "丹麦克朗", "DKK", "Danish kroner|DKK"),
    ("BRL", "雷亚尔", "R$|BRL", "reais|BRL"),
    ("RUB", "卢布", "₽|RUB", "roubles|rubles|RUB"),
    ("AED", "迪拉姆", "AED", "dirhams|AED"),
    ("SAR", "沙特里亚尔|里亚尔", "SAR", "riyals|SAR"),
    ("THB", "泰铢", "฿|THB", "baht|THB"),
    ("IDR", "印尼盾", "IDR|Rp", "rupiah|IDR"),
    ("VND", "越南盾", "VND", "dong|VND"),
    ("ZAR", "兰特", "ZAR", "rand|ZAR"),
)

# Unit, how many of it one is | Chinese (first: written) | English (first: written, after a space unless it is a sign)
# What has no word in one of the languages is read, but not written.
MEASURES = (
    ("percent", "1", "%", "%|percent|per cent|pct"),
    ("percent", "10", "成", ""),
    ("point", "1", "个百分点|百分点", "percentage points|percentage point|ppts|pp"),
    ("point", "0.01", "个基点|基点", "basis points|basis point|bps|bp"),
    ("multiple", "1", "倍", "times|x|×|fold"),
    ("fraction", "0.001", "‰", "‰|per mille"),
    ("USD", "0.01", "美分", "US cents|cents|cent"),
    ("EUR", "0.01", "欧分", "euro cents|euro cent|eurocents"),
    ("GBP", "0.01", "便士", "pence"),
    ("years", "1", "年", "years|year|yrs"),
    ("months", "1", "个月", "months|month"),
    ("weeks", "1", "周|星期|个星期", "weeks|week"),
    ("days", "1", "天", "days|day"),
    ("hours", "1", "小时|个小时", "hours|hour"),
    ("minutes", "1", "分钟", "minutes|minute"),
    ("seconds", "1", "秒|秒钟", "seconds"),
    ("g", "0.001", "毫克", "mg|milligrams|milligram"),
    ("g", "1", "克", "grams|gram"),
    ("g", "1000", "公斤|千克", "kg|kilograms|kilogram|kilos"),
    ("t", "1", "吨", "tonnes|tonne|metric tons|tons|ton"),
    ("oz", "1", "盎司", "ounces|ounce"),
    ("dwt", "1", "载重吨", "dwt|deadweight tonnes|deadweight tons"),
    ("TEU", "1", "标准箱|标箱|TEU", "TEU|TEUs"),
    ("bbl", "1", "桶", "barrels|barrel|bbl"),
    ("bbl", "1000000", "", "mb/d|mmb/d"),
    ("L", "1", "升", "litres|liters|litre|liter"),
    ("W", "1", "瓦", "watts|watt"),
    ("W", "1000", "千瓦", "kW|kilowatts|kilowatt"),
    ("W", "1000000", "兆瓦", "MW|megawatts|megawatt"),
    ("W", "1000000000", "吉瓦", "GW|gigawatts|gigawatt"),
    ("Wh", "1000", "千瓦时|度电", "kWh|kilowatt-hours|kilowatt hours"),
    ("Wh", "1000000", "兆瓦时", "MWh|megawatt-hours|megawatt hours"),
    ("Wh", "1000000000", "吉瓦时", "GWh|gigawatt-hours|gigawatt hours"),
    ("Wh", "1000000000000", "太瓦时", "TWh|terawatt-hours|terawatt hours"),
    ("m", "0.000000001", "纳米|奈米", "nm|nanometres|nanometers|nanometre|nanometer"),
    ("m", "0.001", "毫米", "mm|millimetres|millimeters"),
    ("m", "0.01", "厘米", "cm|centimetres|centimeters"),
    ("m", "1", "米", "metres|meters|metre|meter"),
    ("m", "1000", "公里|千米", "km|kilometres|kilometers|kilometre|kilometer"),
    ("mi", "1", "英里", "miles|mile"),
    ("nmi", "1", "海里", "nautical miles|nautical mile"),
    ("m2", "1", "平方米|平米", "square metres|square meters|square metre|square meter|sq m|sqm"),
    ("m2", "10000", "公顷", "hectares|hectare"),
    ("m2", "1000000", "平方公里|平方千米", "square kilometres|square kilometers|sq km"),
    ("ft2", "1", "平方英尺", "square feet|square foot|sq ft"),
    ("m3", "1", "立方米", "cubic metres|cubic meters|cubic metre|cubic meter"),
    ("B", "1000000", "MB", "MB|megabytes"),
    ("B", "1000000000", "GB", "GB|gigabytes"),
    ("B", "1000000000000", "TB", "TB|terabytes"),
    ("°C", "1", "摄氏度|℃", "°C|degrees Celsius"),
)

# Rate: Chinese, after 每 or / (first: written) | English, after a, per or /
RATES = (
    ("hour", "小时", "hour"),
    ("day", "天|日", "day"),
    ("week", "周|星期", "week"),
    ("month", "月|个月", "month"),
    ("quarter", "季度|季", "quarter"),
    ("year", "年", "year|annum"),
    ("share", "股", "share"),
    ("barrel", "桶", "barrel"),
    ("tonne", "吨", "tonne|ton|metric ton"),
    ("kg", "公斤|千克", "kilogram|kg"),
    ("kWh", "千瓦时|度", "kWh|kilowatt-hour|kilowatt hour"),
    ("m2", "平方米|平米", "square metre|square meter|sqm"),
    ("watt", "瓦", "watt"),
    ("person", "人", "person|head|capita"),
    ("user", "用户|位用户|个用户", "user"),
)

# Qualifier: Chinese before (first: written) | Chinese after | English before (first: written) | English after
QUALIFIERS = (
    ("about", "约|约为|大约|大约为|大概|差不多|~", "左右|上下",
     "about|around|approximately|approx.|roughly|some|circa|~", "or so"),
    ("nearly", "近|接近|将近|逼近", "", "nearly|almost|close to|approaching", ""),
    ("over", "超过|超过了|超|逾|高于|多于|大于|突破|突破了|>", "余|多",
     "over|more than|above|exceeding|exceeds|exceeded|in excess of|greater than|higher than|>", ""),
    ("under", "不到|不足|低于|少于|小于|未到|<", "", "under|less than|fewer than|below|lower than|<", ""),
    ("at-least", "至少|不少于|不低于|最少|≥", "以上|及以上|起|+",
     "at least|no less than|not less than|no fewer than|a minimum of|≥", "or more|and above|and over|and more|plus|+"),
    ("at-most", "至多|最多|不超过|不高于|不多于|≤", "以下|以内|之内",
     "at most|no more than|not more than|a maximum of|≤", "or less|or fewer|and below"),
    ("up-to", "高达|多达", "", "up to|as much as|as many as|as high as", ""),
)  # fmt: skip

ENGLISH_SCALES = {
    "hundred thousand": 10**5, "hundred million": 10**8, "hundred billion": 10**11,
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "lakh": 10**5, "crore": 10**7, "mln": 10**6, "mn": 10**6, "bln": 10**9, "bn": 10**9, "tn": 10**12, "trn": 10**12,
}  # fmt: skip
LETTER_SCALES = {"k": 10**3, "m": 10**6, "mm": 10**6, "b": 10**9, "t": 10**12}
CHINESE_SCALES = {"十": 10, "百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8, "兆": 10**12}
CHINESE_DIGITS = {char: value for value, chars in enumerate(
    ("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九")) for char in chars}  # fmt: skip

_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
ENGLISH_NUMBERS = {word: value for value, word in enumerate(f"{_SMALL}|eighteen|nineteen".split("|"), 1)}
ENGLISH_NUMBERS |= {word: value for value, word in zip(range(20, 100, 10), _TENS.split("|"), strict=True)}
ORDINALS = {word: value for value, word in enumerate(
    ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 1)}  # fmt: skip
PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
         "ninth": 9, "tenth": 10}  # fmt: skip
MONTH_NAMES = frozenset(_MONTHS.split("|"))
MONTHS = {name[:3].lower(): (number, name) for number, name in enumerate(_MONTHS.split("|"), 1)}

# Words that are a multiple by themselves.
ENGLISH_MULTIPLES = {"doubled": 2, "doubling": 2, "doubles": 2, "double": 2, "twice": 2, "tripled": 3, "tripling": 3,
                     "triples": 3, "triple": 3, "quadrupled": 4, "quadrupling": 4, "quadruple": 4, "twofold": 2,
                     "threefold": 3, "fourfold": 4, "fivefold": 5, "sixfold": 6, "sevenfold": 7, "eightfold": 8,
                     "ninefold": 9, "tenfold": 10}  # fmt: skip
CHINESE_MULTIPLES = {"翻番": 2, "翻一番": 2, "翻了一番": 2, "翻了番": 2, "翻倍": 2, "翻了倍": 2, "翻一倍": 2,
                     "翻了一倍": 2, "翻两番": 4, "翻了两番": 4, "翻三番": 8, "翻了三番": 8, "双倍": 2}  # fmt: skip
CHINESE_HALVES = ("一半", "半数", "过半", "减半")

# What a Chinese numeral counts: 四个环节, 三大云厂商.
CLASSIFIERS = "个家名位款项种台辆艘架座条所间只支份套件部处次大人户例批轮类层颗枚片张门笔单宗届起"
# A number after one of these names a place or a thing: page 12, 图3.
LABELS = ("page", "pages", "p.", "pp.", "table", "figure", "fig.", "chart", "section", "chapter", "phase", "note",
          "version", "item", "article", "exhibit", "step", "part", "appendix", "level", "tier", "type", "grade",
          "model", "series", "图", "表", "图表", "附注", "附录", "步骤", "公式", "版本")  # fmt: skip


def plain(text: str) -> str:
    """The text in half-width and Simplified characters, each in its place, as far as these tables need it."""
    return text.translate(_PLAIN)


def either(words: Iterable[str]) -> str:
    """A regular expression for any of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


def split(words: str) -> list[str]:
    return [word for word in words.split("|") if word]


CURRENCY_CODES = frozenset(code for code, *_ in CURRENCIES)
SIGNS = {sign.lower(): code for code, _, signs, _ in CURRENCIES for sign in split(signs)}
UNITS: dict[str, tuple[str, Decimal]] = {
    word.lower(): (code, Decimal(1)) for code, han, _, latin in CURRENCIES for word in split(f"{han}|{latin}")
} | {word.lower(): (unit, Decimal(factor)) for unit, factor, han, latin in MEASURES for word in split(f"{han}|{latin}")}
RATE_WORDS = {word.lower(): rate for rate, han, latin in RATES for word in split(f"{han}|{latin}")}
QUALIFIERS_BEFORE = {word: name for name, han, _, latin, _ in QUALIFIERS for word in split(f"{han}|{latin}")}
QUALIFIERS_AFTER = {word: name for name, _, han, _, latin in QUALIFIERS for word in split(f"{han}|{latin}")}
