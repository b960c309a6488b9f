// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Driver;
using VirtualBoard.Enc28j60;

namespace HostTests.Soak;

/// <summary>
/// Faults one on top of the other, faster than anybody recovers from them: what is asked for is that every call ends, nothing throws, no
/// frame of the pool is lost, and all is well soon after the end.
/// </summary>
public class StormTests
{
    // The driver waits up to 30 s between two starts that fail.
    private const int CalmMs = 65_000;

    private static readonly FaultKind[][] Layers =
    [
        [FaultKind.MisoFlips, FaultKind.MisoStuckLow, FaultKind.MisoStuckHigh, FaultKind.CorruptHeader, FaultKind.RegisterFlip, FaultKind.DeafReceiver],
        [FaultKind.MosiFlips, FaultKind.SpontaneousReset, FaultKind.BrownOut, FaultKind.PowerLoss, FaultKind.ResetHeld],
        [
            FaultKind.LinkDown, FaultKind.FalseCollisions, FaultKind.LateCollisions, FaultKind.ExcessCollisions, FaultKind.BusyMedium,
            FaultKind.DuplexMismatch, FaultKind.PacketFlagLies,
        ],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Faults_upon_faults_are_outlived(int seed)
    {
        using DriverBench bench = DriverBench.Running(new ChipOptions { Seed = seed, Errata = ErrataOptions.For(ChipOptions.RevisionB7) });
        long end = bench.Clock.NowNs + 1_800_000_000_000;
        for (int i = 0; i < Layers.Length; i++)
        {
            _ = new FaultSchedule(bench.Chip, FaultPlan.Random((seed * 10) + i, bench.Clock.NowNs, end, 2_000_000_000, Layers[i]));
        }

        var random = new SeededRandom(seed);
        while (bench.Clock.NowNs < end)
        {
            Live(bench, random);
        }

        Calm(bench);
    }

    private static void Live(DriverBench bench, SeededRandom random)
    {
        bench.Turn();
        if (random.Below(20) == 0)
        {
            bench.Chip.Deliver(DriverBench.MakeFrame(60 + random.Below(1455), 1));
        }

        for (int i = 0; i < 100 && bench.Receive() is not null; i++)
        {
        }

        bench.Tap.BeginCall();
        if (bench.Driver.CanSend && random.Below(20) == 0)
        {
            bench.Send(DriverBench.MakeFrame(60 + random.Below(1455), 2, DriverBench.Peer));
        }

        bench.Sent.Clear();
        bench.Clock.Advance(random.Below(5_000_000));
    }

    private static void Calm(DriverBench bench)
    {
        byte[] frame = DriverBench.MakeFrame(200, 3);
        bool received = bench.TryRunUntil(
            () =>
            {
                if (!bench.Chip.IsReceiving && bench.Chip.PeekRegister(Reg.EPKTCNT) == 0)
                {
                    bench.Chip.Deliver(frame);
                }

                return bench.Receive() is { } got && got.SequenceEqual(frame);
            },
            CalmMs);
        Assert.True(received, $"nothing received: {bench.Driver.State}, {bench.Driver.Fault}");
        bench.RunUntil(() => bench.Driver.CanSend, 5000);
        bench.Run(10_000);
        bench.ReceiveAll();

        // collisions that were planned for frames which nobody could send
        for (int i = 0; i < 40; i++)
        {
            bench.SendAndFinish(DriverBench.MakeFrame(60, i, DriverBench.Peer));
        }

        bench.AssertNothingLost();

        // From here on everything is as on the first day.
        bench.Chip.Violations.Clear();
        bench.Exercise();
        bench.AssertClean();
    }
}
