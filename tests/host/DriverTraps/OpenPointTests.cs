// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Driver;
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
        using DriverBench bench = Bench(answer);
        bench.Exercise();
        bench.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void GetsOverCollisionsAndOverflows(string answer)
    {
        using DriverBench bench = Bench(answer);
        foreach ((int atByte, int times) in new[] { (10, 16), (500, 1), (500, 20), (10, 3) })
        {
            bench.Chip.ScriptCollision(atByte, times);
            bench.SendAndFinish(DriverBench.MakeFrame(1000, 1, DriverBench.Peer), 2000);
            bench.SendWhole(DriverBench.MakeFrame(1000, 2, DriverBench.Peer));
            bench.Chip.ScriptFalseCollision(atByte);
            bench.SendWhole(DriverBench.MakeFrame(1000, 3, DriverBench.Peer));
        }

        for (int i = 0; i < 120; i++)
        {
            bench.Chip.Deliver(DriverBench.MakeFrame(60, i));
        }

        bench.Arrive();
        bench.Run(300);
        bench.ReceiveAll();
        bench.Run(300);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void GetsOverAPulledCable(string answer)
    {
        using DriverBench bench = Bench(answer);
        bench.Send(DriverBench.MakeFrame(1000, 1, DriverBench.Peer));
        bench.Chip.LinkUp = false;
        bench.Send(DriverBench.MakeFrame(1000, 2, DriverBench.Peer));
        bench.RunUntil(() => !bench.Driver.IsLinkUp, 2000);
        bench.Chip.LinkUp = true;
        bench.RunUntil(() => bench.Driver.CanSend, 5000);
        bench.SendWhole(DriverBench.MakeFrame(1000, 3, DriverBench.Peer));
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void GetsOverACorruptedBufferAndARestart(string answer)
    {
        using DriverBench bench = Bench(answer);
        bench.Chip.CorruptNextHeader(1, 0x10);
        bench.Deliver(DriverBench.MakeFrame(200, 1));
        bench.ReceiveAll();
        bench.Run(100);
        bench.Exchange(DriverBench.MakeFrame(300, 2));
        bench.Driver.Start();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Running && bench.Driver.IsLinkUp, 6000);
        bench.Exercise();
        bench.AssertClean();
    }

    private static DriverBench Bench(string answer)
    {
        var options = new ChipOptions();
        Changes[answer](options);
        var bench = new DriverBench(options);
        Assert.True(bench.TryStart(), bench.Driver.Fault.ToString());
        bench.RunUntil(() => bench.Driver.IsLinkUp, 6000);
        return bench;
    }
}
