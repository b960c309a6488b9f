// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using Iot.Device.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>What the driver counts.</summary>
public class CounterTests
{
    [Fact]
    public void EachCounterTellsItsOwnCountAndIsCleared()
    {
        using DriverBench bench = DriverBench.Running();
        Enc28j60Counters counters = bench.Driver.Counters;
        FieldInfo[] fields = [.. typeof(Enc28j60Counters).GetFields(BindingFlags.NonPublic | BindingFlags.Instance).Where(f => f.FieldType == typeof(uint))];

        // two are sums of what Recoveries tells
        PropertyInfo[] properties =
        [
            .. typeof(Enc28j60Counters).GetProperties()
                .Where(p => p.Name is not (nameof(Enc28j60Counters.ReceiverResets) or nameof(Enc28j60Counters.Restarts))),
        ];
        Assert.Equal(properties.Length, fields.Length);
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i].SetValue(counters, (uint)(1000 + i));
        }

        for (int i = 0; i < fields.Length; i++)
        {
            string name = char.ToUpperInvariant(fields[i].Name[1]) + fields[i].Name[2..];
            Assert.Equal((uint)(1000 + i), properties.Single(p => p.Name == name).GetValue(counters));
        }

        counters.CountRecovery(Enc28j60Recovery.RegistersLost);
        bench.Driver.ClearCounters();
        Assert.All(typeof(Enc28j60Counters).GetProperties(), p => Assert.Equal(0u, p.GetValue(counters)));
        Assert.Equal(0u, counters.Recoveries(Enc28j60Recovery.RegistersLost));
    }

    [Fact]
    public void FramesAndTheirBytesAreCountedBothWays()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Exchange(DriverBench.MakeFrame(1000, 2));
        bench.SendAndFinish(DriverBench.MakeFrame(100, 3));
        bench.SendAndFinish(DriverBench.MakeFrame(30, 4));
        bench.SendAndFinish(DriverBench.MakeFrame(500, 5));
        Assert.Equal(2u, bench.Driver.Counters.FramesReceived);
        Assert.Equal(1060u, bench.Driver.Counters.BytesReceived);
        Assert.Equal(3u, bench.Driver.Counters.FramesSent);
        Assert.Equal(630u, bench.Driver.Counters.BytesSent);
    }

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void WhatTheStatusVectorSaysIsCounted(SpiWordOrder order)
    {
        using DriverBench bench = DriverBench.Running(order: order, driverOptions: new Enc28j60Options { ReadTransmitStatus = true });
        bench.Chip.ScriptCollision(20, 7);
        bench.SendAndFinish(DriverBench.MakeFrame(200, 1));
        Assert.Equal(7u, bench.Driver.Counters.Collisions);
        Assert.Equal(0u, bench.Driver.Counters.Deferrals);
        Assert.Equal(0u, bench.Driver.Counters.ExcessiveCollisions);
        bench.Chip.OccupyMedium(1_000_000);
        bench.SendAndFinish(DriverBench.MakeFrame(200, 2));
        Assert.Equal(1u, bench.Driver.Counters.Deferrals);
        bench.Chip.ScriptCollision(20, 16);
        bench.SendAndFinish(DriverBench.MakeFrame(201, 3));
        Assert.Equal(1u, bench.Driver.Counters.ExcessiveCollisions);
        Assert.Equal(0u, bench.Driver.Counters.LateCollisions);
        bench.Chip.ScriptCollision(150, 1);
        bench.SendAndFinish(DriverBench.MakeFrame(200, 4));
        Assert.Equal(1u, bench.Driver.Counters.LateCollisions);
        Assert.Equal(1u, bench.Driver.Counters.TransmitRetries);
        Assert.Equal(3u, bench.Driver.Counters.FramesSent);
        Assert.Equal(1u, bench.Driver.Counters.TransmitAborts);
        bench.AssertClean();
    }

    [Fact]
    public void NoRecoveryIsCountedForAReasonThatDoesNotExist()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.Equal(0u, bench.Driver.Counters.Recoveries((Enc28j60Recovery)(-1)));
        Assert.Equal(0u, bench.Driver.Counters.Recoveries(Enc28j60Recovery.Requested + 1));
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Running, 10);
        Assert.Equal(1u, bench.Driver.Counters.Recoveries(Enc28j60Recovery.Requested));
    }

    [Fact]
    public void EachReasonCountsAsItselfAndAsAResetOfTheReceiverOrAStart()
    {
        var counters = new Enc28j60Counters();
        uint resets = 0;
        uint restarts = 0;
        for (Enc28j60Recovery reason = Enc28j60Recovery.None + 1; reason <= Enc28j60Recovery.Requested; reason++)
        {
            counters.CountRecovery(reason);
            bool isReset = reason is Enc28j60Recovery.BadHeader or Enc28j60Recovery.DeafAfterOverrun or Enc28j60Recovery.ReceiverOutOfStep;
            resets += isReset ? 1u : 0;
            restarts += isReset ? 0u : 1;
            Assert.Equal(1u, counters.Recoveries(reason));
            Assert.Equal(resets, counters.ReceiverResets);
            Assert.Equal(restarts, counters.Restarts);
        }

        Assert.Equal(0u, counters.Recoveries(Enc28j60Recovery.None));
        Assert.Equal(3u, resets);
    }
}
