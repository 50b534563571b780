"""How returns of many lines, and many returns of one order line, pass.

`python -m tests.benchmarks.large_returns [--json] [--lines N] [--returns N]`

`seconds_to_erp_file`: one return of 2,000 lines that is asked for, authorized and received, and all of that posted;
from the inspection file in the inbox to the import files with moves and credits in the outbox, in this process.
`ratio_of_returns`: time for the last tenth of 10,000 returns of one order line against the first, in memory. Exit 1 if
a bound is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.clock import SystemClock
from gateway.commands.homes import make_home
from gateway.demo.atlas import Atlas
from gateway.engine import Engine
from gateway.home import Home
from gateway.returns import Policy
from tests.gateway.returns.builders import orders, request
from tests.gateway.returns.shell import Shell

SECONDS = 10.0
RATIO = 1.5
RMA = "RMA-000001"


def files_of(lines: int) -> dict[str, tuple[str, str]]:
    """What arrives about one return, in order: file name → partner and text."""
    order = "ORDNO,ORDLN,CUSTNO,CUSTPO,ORDDAT,SHPDAT,ITEMNO,CUSTITEM,UPC,QTY,UM,PRICE,CUR,INVNO\n"
    rows = [
        f"SO-1,{n},C-10010,PO-1,{_day()},{_day()},S{n:05},,{_gtin(n)},9,EA,10.00,USD,I-1\n" for n in range(1, lines + 1)
    ]
    bli = "".join(f"BLI*UP*{_gtin(n)}*1*EA~\nN9*FJ*{n}~\nRDR**DR**X*Y~\n" for n in range(1, lines + 1))
    asked = (
        "ISA*00*          *00*          *ZZ*NORTHGATE      *ZZ*MERIDIAN       *250314*0925*U*00401*000000001*0*P*>~\n"
        "GS*AN*NORTHGATE*MERIDIAN*20250314*0925*1*X*004010~\nST*180*0001~\nBGN*13*NR-1*20250314*0915~\n"
        f"PRF*PO-1***20250203~\nN9*IA*20117~\n{bli}SE*{3 * lines + 5}*0001~\nGE*1*1~\nIEA*1*000000001~\n"
    )
    head = "Inspection,RMA,Receipt,Date,Inspector,Line,Split,UPC,Qty,Condition,Outcome,Location,Remark\n"
    found = [f"QI-1,{RMA},HR1,2025-03-19,ann,,1,{_gtin(n)},1,A,ST,A-1,\n" for n in range(1, lines + 1)]
    return {
        "orders.csv": ("atlas", order + "".join(rows)),
        "request.edi": ("northgate", asked),
        "receipt.edi": ("harbor", _receipt(lines)),
        "inspection-1.csv": ("harbor", head + "".join(found)),
    }


def _day() -> str:
    """A day on which goods were sold that may come back now."""
    return (datetime.now(UTC) - timedelta(days=10)).strftime("%Y%m%d")


def _gtin(n: int) -> str:
    return f"4{n:011}"


def _receipt(lines: int) -> str:
    goods = "".join(f"W07*1*EA**UP*{_gtin(n)}~\nN9*LI*{n}~\n" for n in range(1, lines + 1))
    return (
        "ISA*00*          *00*          *ZZ*HARBORPOINT    *ZZ*MERIDIAN       *250318*1640*U*00401*000000001*0*P*>~\n"
        "GS*RE*HARBORPOINT*MERIDIAN*20250318*1640*1*X*004010~\nST*944*0001~\n"
        f"W17*C*20250318*HR1*{RMA}*NR-1~\nN1*WH*HARBOR POINT*91*HP1~\nN9*RZ*{RMA}~\n{goods}W14*{lines}~\n"
        f"SE*{2 * lines + 6}*0001~\nGE*1*1~\nIEA*1*000000001~\n"
    )


def seconds_to_erp_file(lines: int, root: Path) -> float:
    """From an inspection file of so many lines to the ERP's import files."""
    home = make_home(root)
    policy = root / "partners/_house/policy.toml"
    policy.write_text(policy.read_text().replace("value = 5000", "value = 50000000"))
    guide = root / "partners/northgate/guides/180.toml"
    guide.write_text(guide.read_text().replace("max = 200", "max = 99999"))
    *before, (name, (partner, text)) = files_of(lines).items()
    with Engine.open(home, SystemClock()) as engine:
        for earlier, (sender, content) in before:
            _put(home, sender, earlier, content)
            engine.until_quiet()
        erp = Atlas(home.root / "outbox/atlas", home.root / "inbox/atlas", {})
        while erp.import_files():
            engine.until_quiet()
        _put(home, partner, name, text)
        started = time.perf_counter()
        engine.until_quiet()
        return time.perf_counter() - started


def _put(home: Home, partner: str, name: str, text: str) -> None:
    path = home.inbox / partner / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="ascii")


def seconds_per_return(returns: int) -> list[float]:
    """Seconds for each tenth of so many returns of one order line, in memory."""
    shell = Shell(policy=Policy(warehouse="harbor", erp="atlas"), checked=False)
    shell.receive(orders("SO1", A=returns), "atlas")
    tenths = []
    for tenth in range(10):
        started = time.perf_counter()
        for n in range(returns // 10):
            shell.receive(request(f"RTV{tenth * returns + n}", {"A": 1}), "northgate")
        tenths.append(time.perf_counter() - started)
    return tenths


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--returns", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="large-returns-") as folder:
        seconds = seconds_to_erp_file(arguments.lines, Path(folder) / "home")
    tenths = seconds_per_return(arguments.returns)
    result = {
        "lines": arguments.lines,
        "seconds_to_erp_file": round(seconds, 2),
        "returns": arguments.returns,
        "seconds_of_first_tenth": round(tenths[0], 2),
        "ratio_of_returns": round(tenths[-1] / tenths[0], 2),
    }
    print(json.dumps(result) if arguments.json else "\n".join(f"{key}: {value}" for key, value in result.items()))
    return 0 if seconds < SECONDS and tenths[-1] < RATIO * tenths[0] else 1


if __name__ == "__main__":
    sys.exit(main())
