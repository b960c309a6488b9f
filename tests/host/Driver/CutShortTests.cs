// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

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

        long end = bench.Clock.NowNs + (Patience * 1_000_000L);
        int times = 0;
        for (int i = 0; times < EnoughTimes; i++)
        {
            Assert.True(bench.Clock.NowNs < end, $"after transfer {place}: {bench.Driver.State}, {bench.Driver.LastRecovery}");
            times = IsSound(bench, i) ? times + 1 : 0;
            Pass(bench, Pause);
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
        Turn(bench);
        List<byte[]> received = [];
        for (int i = 0; i < 4; i++)
        {
            if (bench.Driver.Receive(bench.Pool) is { } frame)
            {
                var bytes = new byte[frame.Length];
                frame.CopyBytesTo(0, bytes, 0, bytes.Length);
                bench.Pool.Return(frame);
                received.Add(bytes);
            }
        }

        bench.Sent.Clear();
        byte[] outgoing = DriverBench.MakeFrame(90, seed, DriverBench.Peer);
        return isTaken && received.Count == 1 && received[0].SequenceEqual(incoming)
            && Send(bench, outgoing) && bench.Sent.Count == 1 && bench.Sent[0].SequenceEqual(outgoing);
    }

    private static bool Send(DriverBench bench, byte[] bytes)
    {
        if (!bench.Driver.CanSend)
        {
            return false;
        }

        Frame frame = bench.Pool.Rent(bytes.Length);
        frame.CopyBytesFrom(0, bytes, 0, bytes.Length);
        bool isTaken = bench.Driver.Send(frame);
        bench.Pool.Return(frame);
        for (int i = 0; i < 1000 && !bench.Driver.CanSend; i++)
        {
            Turn(bench);
        }

        return isTaken;
    }

    private static void Pass(DriverBench bench, int milliseconds)
    {
        for (long end = bench.Clock.NowNs + (milliseconds * 1_000_000L); bench.Clock.NowNs < end;)
        {
            Turn(bench);
        }
    }

    /// <summary>As the bench's, but the driver may believe in another bank than the chip has, for a while.</summary>
    private static void Turn(DriverBench bench)
    {
        int wait = bench.Driver.Poll(bench.Now);
        bench.Clock.Advance(wait == 0 ? 20_000 : wait * 1_000_000L);
    }
}
