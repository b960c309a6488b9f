// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Driver;

/// <summary>
/// A transfer ends in an exception, of the bus or because memory has run out: whatever the driver was about, it is sound again in some seconds
/// without anybody's help, and what was in hand is all that is lost.
/// </summary>
public class CutShortTests
{
    private const int Frames = 12;
    private const int Patience = 5000;
    private const int Pause = 50;
    private const int SendLimit = 20;

    // this often in a row all goes well: by then it is not chance
    private const int EnoughTimes = 5;

    [Fact]
    public void WhereverATransferFailsTheDriverIsSoundAgainInSeconds()
    {
        int places = 0;
        while (IsSoundAfterFault(places))
        {
            places++;
        }

        Assert.InRange(places, 300, int.MaxValue);
    }

    /// <summary>False if there are fewer transfers than that.</summary>
    private static bool IsSoundAfterFault(int place)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        int left = place;
        bench.Tap.Before = () =>
        {
            if (left-- == 0)
            {
                throw new InvalidOperationException("the bus has failed");
            }
        };
        try
        {
            Work(bench);
            return false;
        }
        catch (InvalidOperationException)
        {
            bench.Tap.EndCall();
        }
        finally
        {
            bench.Tap.Before = null;
        }

        // the driver may believe in another bank than the chip has, for a while
        bench.EndsInBankZero = false;
        long end = bench.Clock.NowNs + (Patience * 1_000_000L);
        int times = 0;
        for (int i = 0; times < EnoughTimes; i++)
        {
            Assert.True(bench.Clock.NowNs < end, $"after transfer {place}: {bench.Driver.State}, {bench.Driver.LastRecovery}");
            times = IsSound(bench, i) ? times + 1 : 0;
            bench.Run(Pause);
        }

        Assert.InRange(bench.Pool.Free, Frames - 1, Frames);
        return true;
    }

    /// <summary>Some of everything: single packets and several, short and long, sending, an idle time in which the chip is looked after.</summary>
    private static void Work(DriverBench bench)
    {
        bench.Turn();
        bench.Deliver(DriverBench.MakeFrame(100, 2));
        bench.Receive();
        bench.Turn();
        bench.Deliver(3);
        bench.ReceiveAll();
        bench.Deliver(DriverBench.MakeFrame(1514, 3));
        bench.Receive();
        bench.Turn();
        bench.SendAndFinish(DriverBench.MakeFrame(100, 2, DriverBench.Peer));
        bench.SendAndFinish(DriverBench.MakeFrame(1514, 2, DriverBench.Peer));
        bench.Run(4000);
    }

    /// <summary>A frame comes in and is there at once, alone; and one goes out.</summary>
    private static bool IsSound(DriverBench bench, int seed)
    {
        byte[] incoming = DriverBench.MakeFrame(100, seed);
        bool isTaken = bench.Chip.Deliver(incoming);
        bench.Arrive();
        bench.Turn();
        List<byte[]> received = bench.ReceiveAll();
        bench.Sent.Clear();
        byte[] outgoing = DriverBench.MakeFrame(90, seed, DriverBench.Peer);
        return isTaken && received.Count == 1 && received[0].SequenceEqual(incoming)
            && bench.Driver.CanSend && bench.Send(outgoing) && bench.TryRunUntil(() => bench.Driver.CanSend, SendLimit)
            && bench.Sent.Count == 1 && bench.Sent[0].SequenceEqual(outgoing);
    }
}
