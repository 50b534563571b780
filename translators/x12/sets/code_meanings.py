"""What the codes of the returns sets mean in our words. Raw codes stay beside; a partner's crosswalk goes first.

Sources: data elements 98, 128, 235, 248/1300, 305, 353, 412, 426, 478, 1292, 1293, 1294 of X12 004010, in our words.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from translators.canonical import Purpose

# DE 353 (BGN01, BSN01, BRA03).
PURPOSES: Mapping[str, Purpose] = {
    "00": "original",
    "01": "cancel",
    "02": "change",
    "03": "cancel",
    "04": "change",
    "05": "replace",
    "06": "response",
    "07": "duplicate",
    "11": "response",
    "13": "request",
    "14": "notice",
    "15": "original",
    "35": "request",
    "36": "response",
    "37": "response",
    "44": "response",
    "49": "original",
    "54": "response",
    "CO": "replace",
}

# DE 98 (N101).
PARTY_ROLES: Mapping[str, str] = {
    "SF": "ship_from",
    "ST": "ship_to",
    "RT": "return_to",
    "RA": "alternate_return_to",
    "SN": "store",
    "BY": "buyer",
    "VN": "vendor",
    "SU": "supplier",
    "MF": "manufacturer",
    "SE": "seller",
    "WH": "warehouse",
    "DE": "depositor",
    "SH": "shipper",
    "CN": "consignee",
    "CA": "carrier",
    "BT": "bill_to",
    "RI": "remit_to",
    "RC": "receiver",
    "Z7": "mark_for",
    "LW": "customer",
    "EN": "consumer",
    "SO": "sold_to",
}
PARTY_CODES: Mapping[str, str] = {role: code for code, role in PARTY_ROLES.items()}

# DE 128 (N901, REF01).
REFERENCE_KINDS: Mapping[str, str] = {
    "RZ": "rma",
    "QJ": "rma",
    "OD": "request",
    "CO": "order",
    "VN": "order",
    "PO": "purchase_order",
    "OP": "purchase_order",
    "IV": "invoice",
    "OI": "invoice",
    "SI": "shipment",
    "MA": "shipment",
    "CN": "tracking",
    "2I": "tracking",
    "GD": "bill_of_lading",
    "BM": "bill_of_lading",
    "MB": "bill_of_lading",
    "D9": "claim",
    "DB": "claim",
    "FJ": "line",
    "LI": "line",
    "IA": "vendor",
    "BT": "batch",
    "TN": "correlation",
}
REFERENCE_CODES: Mapping[str, str] = {
    "rma": "RZ",
    "request": "OD",
    "order": "CO",
    "purchase_order": "PO",
    "invoice": "IV",
    "shipment": "SI",
    "tracking": "2I",
    "bill_of_lading": "BM",
    "claim": "D9",
    "line": "FJ",
    "vendor": "IA",
    "batch": "BT",
    "correlation": "TN",
}
SERIAL, LOT = "SE", "LT"

# DE 235 (BLI01, LIN02, W0704 …): qualifier → field of Item. Whose number a bare SKU is: `reading.segments.item_fields`.
ITEM_FIELDS: Mapping[str, str] = {
    "UP": "gtin",
    "UK": "gtin",
    "EN": "gtin",
    "EO": "gtin",
    "UA": "gtin",
    "UI": "gtin",
    "VN": "vendor_sku",
    "VP": "vendor_sku",
    "VA": "vendor_sku",
    "MG": "vendor_sku",
    "IN": "buyer_sku",
    "BP": "buyer_sku",
    "CB": "buyer_sku",
    "PI": "buyer_sku",
    "SK": "sku",
}
ITEM_SERIAL, ITEM_LOTS, ITEM_ORDER_LINE = "SN", frozenset({"LT", "B8"}), "PL"

# DE 1293 (RDR02) → reason family.
REASONS: Mapping[str, str] = {
    "BC": "expiry",
    "CO": "unwanted",
    "CV": "not_as_described",
    "DA": "damaged_transit",
    "DI": "overstock",
    "DM": "defective",
    "DP": "defective",
    "DR": "defective",
    "DT": "damaged_transit",
    "EI": "overstock",
    "EO": "overstock",
    "EW": "defective",
    "LP": "defective",
    "MD": "price_commercial",
    "NA": "not_as_described",
    "OP": "overstock",
    "PE": "price_commercial",
    "PF": "fit_style",
    "PR": "recall",
    "PS": "expiry",
    "PW": "defective",
    "RE": "recall",
    "SD": "expiry",
    "SM": "other",
    "SP": "price_commercial",
    "SR": "overstock",
    "ST": "fit_style",
    "TE": "price_commercial",
    "WG": "wrong_item",
}

# DE 1292 (RDR01).
DISPOSITIONS: Mapping[str, str] = {
    "CR": "consumer_return",
    "DI": "scrap",
    "KA": "keep",
    "KR": "keep",
    "MW": "warranty",
    "PA": "partial",
    "RA": "return",
    "RD": "denied",
    "RF": "repair",
    "RN": "return",
    "RP": "pending",
    "RT": "third_party",
    "SC": "donate",
    "SD": "scrap",
}

# DE 1294 (RDR03), both ways: the words of our policy → code, code → word.
RESPONSE_REASONS: Mapping[str, str] = {
    "EW": "worn",
    "FR": "damaged_by_sender",
    "IN": "not_defective",
    "IO": "as_ordered",
    "MI": "more_information",
    "NR": "unknown_order",
    "OS": "not_returnable",
    "PC": "price_difference",
    "PR": "picture_wanted",
    "QD": "quantity",
    "RR": "repair",
    "RT": "outside_window",
    "SR": "sample_wanted",
    "UI": "unknown_item",
}
RESPONSE_CODES: Mapping[str, str] = {
    **{word: code for code, word in RESPONSE_REASONS.items()},
    "out_of_warranty": "RT",
    "outside_warranty": "RT",
    "unknown_reason": "MI",
    "window": "RT",
    "order_unknown": "NR",
    "not_on_order": "NR",
    "customer_mismatch": "NR",
    "unknown_customer": "NR",
    "item_unknown": "UI",
    "over_quantity": "QD",
    "invalid_quantity": "QD",
    "over_ordered": "QD",
    "already_returned": "QD",
    "quantity_exceeded": "QD",
    "no_sale_price": "PC",
    "price_differs": "PC",
    "currency_differs": "PC",
    "serial_in_other_return": "QD",
    "serials_inconsistent": "QD",
    "serial_not_sold": "NR",
    "lot_not_sold": "NR",
    "final_sale": "OS",
    "discontinued": "OS",
    "price": "PC",
    "missing_information": "MI",
    "incomplete": "MI",
    "unknown_unit": "MI",
}

# DE 412 (W1303, RCD08 …).
CONDITIONS: Mapping[str, str] = {
    "01": "damaged",
    "02": "short",
    "03": "over",
    "04": "defective",
    "05": "wrong_item",
    "06": "non_standard_container",
    "07": "good",
    "08": "rejected",
    "09": "hold",
    "10": "scrapped",
    "11": "cumulative_adjustment",
    "12": "over_returned",
    "13": "not_processable",
    "14": "no_ship_notice",
    "16": "not_received",
}
# Quantities under these codes never came through the door.
NEVER_RECEIVED = frozenset({"02", "11", "16"})

# DE 478 (BCD05, CDD02): C is money for who receives the set.
DIRECTIONS: Mapping[str, str] = {"C": "credit", "D": "debit"}

# DE 305 (BCD03): how the money comes; H says only that it would.
HANDLINGS: Mapping[str, str] = {
    "H": "information",
    "J": "payment_requested",
    "K": "reimbursement",
    "L": "on_account",
    "O": "next_remittance",
    "Q": "credit_due",
}

# DE 426 (CDD01) → reason family.
ADJUSTMENT_REASONS: Mapping[str, str] = {
    "04": "damaged_transit",
    "11": "damaged_transit",
    "12": "defective",
    "13": "expiry",
    "15": "recall",
    "72": "return",
    "82": "defective",
    "92": "wrong_item",
    "A2": "wrong_item",
    "A5": "overstock",
    "AQ": "overstock",
    "AS": "overstock",
    "B7": "restocking",
    "BF": "return",
    "F1": "defective",
    "RM": "return",
}

# DE 673 (QTY01) where it says in which condition a part of a returned line is.
QUANTITY_CONDITIONS: Mapping[str, str] = {"QA": "good", "74": "damaged", "20": "unusable", "28": "good"}

# DE 1300 (SAC02) of charges; an allowance (SAC01 = A) is an allowance whatever its code.
CHARGE_KINDS: Mapping[str, str] = {
    "G470": "restocking",
    "D240": "freight",
    "G821": "freight",
    "D500": "handling",
    "H750": "tax",
    "H850": "tax",
}

BUILTIN: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "reason": REASONS,
        "disposition": DISPOSITIONS,
        "response_reason": RESPONSE_REASONS,
        "condition": CONDITIONS,
        "direction": DIRECTIONS,
        "handling": HANDLINGS,
        "adjustment_reason": ADJUSTMENT_REASONS,
    }
)
