// Licensed under the MIT license. See LICENSE in the repository root.

using Firmware;

namespace Benchmarks;

/// <summary>Counts exchanges of the firmware and says what they cost. Runs in a <see cref="CountedContext"/>.</summary>
public static class BoardReport
{
    // more than the board has control blocks
    private const int PagesToFillTheTable = 24;

    private static readonly string[] s_parts = ["stack", "http", "driver", "application", "library"];

    /// <summary>Prints IL instructions by exchange, part and method.</summary>
    /// <param name="top">How many methods of each exchange.</param>
    public static void PrintIl(int top)
    {
        ExchangeCost[] beginnings = Beginnings();
        using var rig = new BoardRig();
        var exchanges = new BoardExchanges(rig);
        rig.MeasureIdle(1000);
        rig.Measure(exchanges.GetCurl);
        exchanges.OpenSockets();
        List<ExchangeCost> costs = Bulk(rig, exchanges);
        costs.Insert(0, rig.MeasureBest(exchanges.Udp32));
        exchanges.CloseSockets();
        FillTable(rig, exchanges);
        (int turns, IlCount all, IlCount least) = rig.MeasureIdle(10000);
        costs.InsertRange(0, new[] { exchanges.Arp, exchanges.Echo56, exchanges.Echo1472, exchanges.GetCurl, exchanges.GetBrowser }.Select(rig.MeasureBest));
        costs.AddRange(Services(rig, exchanges));
        costs.AddRange(beginnings);
        rig.Pass(1000);
        rig.CheckClean();

        Console.WriteLine("IL instructions begun on the board, by exchange and part. A turn is one round of the firmware's loop; those with traffic count in");
        Console.WriteLine("full, those that only see a frame out with what they take more than an idle one, those that find nothing to do not at all.");
        Console.WriteLine("GET, ARP, echo and idle turns: all control blocks but the listener's are in TIME-WAIT. Library: what nanoFramework's own");
        Console.WriteLine("SPI and core libraries run as managed code. Calls: of our methods, and of libraries' methods, native ones too.");
        Console.WriteLine();
        Console.WriteLine($"| exchange | frames in / out | turns with traffic / others | calls | calls of libraries | {string.Join(" | ", s_parts)} | all |");
        Console.WriteLine("|---|---|---|---|---|" + string.Concat(s_parts.Select(_ => "---|")) + "---|");
        foreach (ExchangeCost cost in costs)
        {
            Console.WriteLine($"| {cost.Name} | {cost.FramesIn} / {cost.FramesOut} | {cost.Turns} / {cost.OtherTurns} | {Row(cost.Il)}");
        }

        Console.WriteLine($"| idle turn, average of {turns} | | | {Row(all, turns)}");
        Console.WriteLine($"| idle turn with nothing due | | | {Row(least)}");
        foreach (ExchangeCost cost in costs)
        {
            PrintMethods(cost.Name, cost.Il, top);
        }

        PrintMethods("idle turn with nothing due", least, top);
        PrintMethods($"{turns} idle turns", all, top);
        Console.WriteLine();
        foreach (ExchangeCost cost in costs)
        {
            Console.WriteLine($"il,{cost.Name},{cost.Il.Total}");
        }

        Console.WriteLine($"il,idle,{(all.Total + (turns / 2)) / turns}");
        Console.WriteLine($"il,idle-nothing-due,{least.Total}");
    }

    /// <summary>Prints SPI transfers by exchange.</summary>
    public static void PrintSpi()
    {
        ExchangeCost[] beginnings = Beginnings();
        using var rig = new BoardRig();
        var exchanges = new BoardExchanges(rig);
        rig.MeasureIdle(1000);
        rig.Measure(exchanges.GetCurl);
        exchanges.OpenSockets();
        List<ExchangeCost> costs = Bulk(rig, exchanges).FindAll(c => c.Name is "receive-100k" or "send-100k");
        costs.Insert(0, rig.MeasureBest(exchanges.Udp32));
        exchanges.CloseSockets();
        exchanges.ServeOtherPages();
        costs.InsertRange(0, new[] { exchanges.Arp, exchanges.Echo56, exchanges.Echo1472 }.Select(rig.MeasureBest));
        costs.InsertRange(4, new[] { exchanges.Get200, exchanges.Get20k }.Select(rig.MeasureBest));
        costs.AddRange(Services(rig, exchanges));
        costs.AddRange(beginnings);
        rig.Pass(1000);
        rig.CheckClean();

        Console.WriteLine("SPI, interrupt pin unused. A register that is looked at again before anything had an effect counts once, turns of the loop that");
        Console.WriteLine("find nothing to do are left out, and so is the care of the link, four times a second whatever else is done.");
        Console.WriteLine();
        Console.WriteLine("| exchange | frames in / out | transactions | bytes | with repeated looks | turns with traffic / others / waiting |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (ExchangeCost c in costs)
        {
            Console.WriteLine($"| {c.Name} | {c.FramesIn} / {c.FramesOut} | {c.Transactions} | {c.Bytes} | {c.AllTransactions} | {c.Turns} / {c.OtherTurns} / {c.WaitingTurns} |");
        }

        Console.WriteLine();
        foreach (ExchangeCost c in costs)
        {
            Console.WriteLine($"spi,{c.Name},{c.Transactions},{c.Bytes}");
        }
    }

    /// <summary>Counts an ARP request and an echo.</summary>
    /// <returns>What they took, as the tables have it.</returns>
    public static string[] Sample()
    {
        using var rig = new BoardRig();
        var exchanges = new BoardExchanges(rig);
        (_, _, IlCount least) = rig.MeasureIdle(10);
        ExchangeCost[] costs = [rig.Measure(exchanges.Arp), rig.Measure(exchanges.Echo56)];
        rig.CheckClean();
        return [$"idle {Row(least)}", .. costs.Select(c => $"{c.Name} {Row(c.Il)} {c.Transactions} {c.Bytes}")];
    }

    /// <summary>What a board in a network does all day.</summary>
    private static IEnumerable<ExchangeCost> Services(BoardRig rig, BoardExchanges exchanges)
    {
        foreach (Exchange exchange in new[] { exchanges.LivePage, exchanges.WholePage, exchanges.PostLed, exchanges.Status, exchanges.LiveAlone })
        {
            yield return rig.MeasureBest(exchange);
        }

        exchanges.Visit();
        yield return rig.MeasureBest(exchanges.Live);
        exchanges.Leave();
        yield return rig.MeasureBest(exchanges.TenRequests);
        yield return rig.MeasureBest(exchanges.TenConnections);
        yield return rig.MeasureBest(exchanges.Name);
        yield return rig.MeasureBest(exchanges.Time);
    }

    /// <summary>The same of a board that asks for its address; with a rig of its own, of which there can be one at a time.</summary>
    private static ExchangeCost[] Beginnings()
    {
        using var rig = new BoardRig(AddressMode.Dhcp);
        var exchanges = new BoardExchanges(rig);
        rig.MeasureIdle(1000);
        ExchangeCost[] costs = [rig.MeasureBest(exchanges.Lease), rig.MeasureBest(exchanges.Beginning)];
        rig.CheckClean();
        return costs;
    }

    private static List<ExchangeCost> Bulk(BoardRig rig, BoardExchanges exchanges)
    {
        List<ExchangeCost> costs = [];
        foreach (Exchange exchange in new[] { exchanges.Receive, exchanges.Send, exchanges.ReceiveInPlace, exchanges.SendWords })
        {
            rig.Measure(exchanges.Connect);
            costs.Add(rig.Measure(exchange));
            exchanges.Hang();
        }

        return costs;
    }

    private static void FillTable(BoardRig rig, BoardExchanges exchanges)
    {
        for (int i = 0; i < PagesToFillTheTable; i++)
        {
            rig.Measure(exchanges.GetCurl);
        }
    }

    private static string Row(IlCount count, int divisor = 1)
    {
        long Each(long number) => (number + (divisor / 2)) / divisor;
        return $"{Each(count.OwnCalls)} | {Each(count.LibraryCalls)} | {string.Join(" | ", s_parts.Select(part => Each(count.Of(part))))} | {Each(count.Total)} |";
    }

    private static void PrintMethods(string what, IlCount count, int top)
    {
        Console.WriteLine();
        Console.WriteLine($"{what}: methods that take most, calls in them, how often they are called");
        foreach ((string name, int i) in IlCounter.Methods.Select((name, i) => (name, i)).OrderByDescending(m => count.Instructions[m.i]).Take(top))
        {
            if (count.Instructions[i] > 0)
            {
                Console.WriteLine($"  {count.Instructions[i],8} {count.Calls[i],6} {count.Times[i],6}  {name}");
            }
        }
    }
}
