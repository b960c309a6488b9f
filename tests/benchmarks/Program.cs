// Licensed under the MIT license. See LICENSE in the repository root.

using Benchmarks;
using TcpIp;

// What things cost, counted: the same on every machine and in every run. Nothing here is timed.
if (args is ["netsim"])
{
    NetworkSimulationTable.Print();
    return;
}

if (args is ["scenarios"])
{
    Scenarios.Print();
    return;
}

var bench = new BoardBench();
var page = new PageRequest(bench.Client.Sockets);

// one page first, so that both sides know each other's MAC address
bench.Measure("warm-up", page.Begin, page.Work);

byte[] arp = ScriptedFrames.ArpRequest();
byte[] echo = ScriptedFrames.EchoRequest(56);
BulkTransfer toBoard = Bulk(true);
SpiCost received = bench.Measure("100 kB to the board", toBoard.Begin, toBoard.Work);
toBoard.Close();
BulkTransfer fromBoard = Bulk(false);
SpiCost sent = bench.Measure("100 kB from the board", fromBoard.Begin, fromBoard.Work);
fromBoard.Close();
bench.Measure("the end", () => { }, () => { });
SpiCost[] costs =
[
    bench.MeasureBest("ARP request and reply", () => bench.Station.Send(arp), () => { }),
    bench.MeasureBest("ICMP echo of 56 bytes", () => bench.Station.Send(echo), () => { }),
    bench.MeasureBest("HTTP GET of the page, SYN to last ACK", page.Begin, page.Work),
    received,
    sent,
];

bench.CheckClean();
Console.WriteLine("SPI, steady state, interrupt pin unused, waiting polls not counted");
Console.WriteLine();
Console.WriteLine("| exchange | frames in / out | frame bytes | transactions (aim) | SPI bytes (aim) | waiting polls |");
Console.WriteLine("|---|---|---|---|---|---|");
foreach (SpiCost cost in costs)
{
    Console.WriteLine($"| {cost.Name} | {cost.FramesReceived} / {cost.FramesSent} | {cost.FrameBytes} | {cost.Transactions} ({cost.TransactionAim}) | {cost.Bytes} ({cost.ByteAim}) | {cost.Polls} |");
}

Console.WriteLine($"| idle poll | 0 / 0 | 0 | {bench.Idle.Transactions} | {bench.Idle.Bytes} | |");
Console.WriteLine();
Console.WriteLine($"The page is {page.Received} bytes with its header. A default stack takes {new StackConfiguration().MemoryBytes()} bytes of managed heap on a 32-bit target.");

// a connection that is open before anything is counted
BulkTransfer Bulk(bool towards)
{
    var transfer = new BulkTransfer(bench.Application.Stack.Sockets, bench.Client.Sockets, towards);
    bench.Measure("connect", transfer.Open, transfer.Accept);
    return transfer;
}
