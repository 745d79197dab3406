"""A bank's files (camt.054, version 08), as it makes them of payments: shared by suites."""
import itertools

numbers = itertools.count(1)

IMPORT = "/interfaces/payments/import-payments"
ACCOUNT = "CH4431999123000889012"


def entry(key, amount, reference=None):
    paper = f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>QRR</Prtry></CdOrPrtry></Tp><Ref>{reference}</Ref></CdtrRefInf></Strd>" if reference else "<Ustrd>Tickets, thank you</Ustrd>"
    return (f"<Ntry><NtryRef>{ACCOUNT}</NtryRef><Amt Ccy=\"CHF\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>"
            f"<ValDt><Dt>2026-11-20</Dt></ValDt><AcctSvcrRef>E{key}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>VCOM</SubFmlyCd></Fmly></Domn></BkTxCd>"
            f"<NtryDtls><TxDtls><Refs><AcctSvcrRef>T{key}</AcctSvcrRef></Refs><Amt Ccy=\"CHF\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RmtInf>{paper}</RmtInf></TxDtls></NtryDtls></Ntry>")


def bank_file(number, *entries):
    return (f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M{number}</MsgId>'
            f"<CreDtTm>2026-11-20T23:40:00</CreDtTm></GrpHdr><Ntfctn><Id>N{number}</Id><CreDtTm>2026-11-20T23:40:00</CreDtTm><Acct><Id><IBAN>CH5800791123000889012</IBAN></Id></Acct>"
            + "".join(entries) + "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>").encode()


def amount_and_reference(house, order):
    """What the bill of ORDER ("10001-6") asks for, as a bank writes it."""
    bill = "SELECT {} FROM bill b JOIN customer_order o ON o.id = b.customer_order WHERE o.number = " + order.replace("-", "")
    cents = house.data.count(bill.format("b.amount"))
    return f"{cents // 100}.{cents % 100:02}", house.data.one(bill.format("b.reference"))


def pays(desk, *entries):
    """Uploads a file with ENTRIES at the accountant's DESK; the report."""
    number = next(numbers)
    desk.get("/payments")
    answer = desk.send_file(IMPORT, "file", f"camt{number}.xml", bank_file(number, *entries))
    assert answer.status == 303, answer.status
    return desk.follow(answer)
