// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>What the data sheet leaves open is an option of the model; the driver has to work with every answer.</summary>
public class OpenPointTests
{
    /// <summary>Gets a name and a change of the options for each answer that is not the default, and one with all of them.</summary>
    public static TheoryData<string> Answers => [.. Changes.Keys];

    private static readonly Dictionary<string, Action<ChipOptions>> Changes = new()
    {
        ["defaults"] = _ => { },
        ["reset tail lenient"] = o => o.LenientResetTail = true,
        ["undefined bytes zero"] = o => o.UndefinedReadByte = UndefinedByte.Zero,
        ["undefined bytes ones"] = o => o.UndefinedReadByte = UndefinedByte.Ones,
        ["undefined bytes repeat"] = o => o.UndefinedReadByte = UndefinedByte.Repeat,
        ["bit operations on MAC write"] = o => o.BitOperationOnMac = BitOperationEffect.PlainWrite,
        ["bit operations on MAC work"] = o => o.BitOperationOnMac = BitOperationEffect.Works,
        ["broadcast counts as multicast"] = o => o.MulticastFlagOnBroadcast = true,
        ["no drop event"] = o => o.ReportDropEvent = false,
        ["TXRST clears TXABRT"] = o => o.TransmitResetClearsAbortFlags = true,
        ["cancel sets TXABRT"] = o => o.CancelSetsAbortFlag = true,
        ["SRC leaves the PHY"] = o => o.SystemResetResetsPhy = false,
        ["no link: never ends"] = o => o.TransmitWithoutLink = NoLinkTransmit.NeverEnds,
        ["no link: aborts"] = o => o.TransmitWithoutLink = NoLinkTransmit.Aborts,
        ["EPAUS zero"] = o => o.EpausReset = 0,
        ["status counts data only"] = o => o.StatusCountsPaddingAndFcs = false,
        ["pointer outside blocks"] = o => o.ReadPointerOutside = OutsidePointer.Blocks,
        ["ESTAT.INT needs INTIE"] = o => o.InterruptFlagNeedsIntie = true,
        ["link at once"] = o => o.LinkDelayNs = 0,
        ["link after 3 s"] = o => o.LinkDelayNs = 3_000_000_000,
        ["all"] = o =>
        {
            foreach ((string name, Action<ChipOptions> change) in Changes!)
            {
                if (name != "all")
                {
                    change(o);
                }
            }
        },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void StartsReceivesAndSends(string answer)
    {
        using TrapBench bench = Bench(answer);
        bench.Exercise();
        bench.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void GetsOverCollisionsAndOverflows(string answer)
    {
        using TrapBench bench = Bench(answer);
        foreach ((int atByte, int times) in new[] { (10, 16), (500, 1), (500, 20), (10, 3) })
        {
            bench.Chip.ScriptCollision(atByte, times);
            Assert.True(bench.SendAndFinish(TrapBench.Frame(1000, 1, TrapBench.Peer), 2000));
            bench.SendWhole(TrapBench.Frame(1000, 2, TrapBench.Peer));
            bench.Chip.ScriptFalseCollision(atByte);
            bench.SendWhole(TrapBench.Frame(1000, 3, TrapBench.Peer));
        }

        for (int i = 0; i < 120; i++)
        {
            bench.Chip.Deliver(TrapBench.Frame(60, i));
        }

        bench.Arrive();
        bench.Run(300);
        bench.ReceiveAll();
        bench.Run(300);
        bench.Exchange(TrapBench.Frame(60, 1));
        bench.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void GetsOverAPulledCable(string answer)
    {
        using TrapBench bench = Bench(answer);
        bench.Send(TrapBench.Frame(1000, 1, TrapBench.Peer));
        bench.Chip.LinkUp = false;
        bench.Send(TrapBench.Frame(1000, 2, TrapBench.Peer));
        Assert.True(bench.RunUntil(() => !bench.Driver.IsLinkUp, 2000));
        bench.Chip.LinkUp = true;
        Assert.True(bench.RunUntil(() => bench.Driver.CanSend, 5000));
        bench.SendWhole(TrapBench.Frame(1000, 3, TrapBench.Peer));
        bench.Exchange(TrapBench.Frame(60, 1));
        bench.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void GetsOverACorruptedBufferAndARestart(string answer)
    {
        using TrapBench bench = Bench(answer);
        bench.Chip.CorruptNextHeader(1, 0x10);
        bench.Deliver(TrapBench.Frame(200, 1));
        bench.ReceiveAll();
        bench.Run(100);
        bench.Exchange(TrapBench.Frame(300, 2));
        bench.Driver.Start();
        Assert.True(bench.RunUntil(() => bench.Driver.State == Enc28j60State.Running && bench.Driver.IsLinkUp, 6000));
        bench.Exercise();
        bench.AssertClean();
    }

    private static TrapBench Bench(string answer)
    {
        var options = new ChipOptions();
        Changes[answer](options);
        var bench = new TrapBench(options);
        Assert.True(bench.TryStart(), bench.Driver.Fault.ToString());
        Assert.True(bench.RunUntil(() => bench.Driver.IsLinkUp, 6000), "no link");
        return bench;
    }
}
