// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>A wait of the driver: when it begins, when it ends, and that the count of milliseconds may wrap in it.</summary>
public class DeadlineTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue - 49)]
    [InlineData(-20)]
    public void ItIsDueWhenTheMillisecondsHavePassedNotBefore(int start)
    {
        var deadline = new Deadline();
        deadline.Start(start);
        Assert.False(deadline.IsDue(start, 50));
        Assert.False(deadline.IsDue(unchecked(start + 49), 50));
        Assert.True(deadline.IsDue(unchecked(start + 50), 50));
        Assert.True(deadline.IsDue(unchecked(start + int.MaxValue), 50));

        // another wait from the same beginning
        Assert.Equal(30, deadline.GetLeft(unchecked(start + 50), 80));
        Assert.Equal(-10, deadline.GetLeft(unchecked(start + 60), 50));
    }

    [Fact]
    public void WhatNobodyStartedBeginsWhenItIsFirstAskedAbout()
    {
        var deadline = new Deadline();
        Assert.False(deadline.IsStarted);
        Assert.False(deadline.IsDue(70_000, 10));
        Assert.True(deadline.IsStarted);
        Assert.False(deadline.IsDue(70_009, 10));
        Assert.True(deadline.IsDue(70_010, 10));

        deadline.Clear();
        Assert.False(deadline.IsStarted);
        Assert.Equal(10, deadline.GetLeft(90_000, 10));
        Assert.True(deadline.IsDue(90_010, 10));
    }

    [Fact]
    public void AStartWhileItRunsBeginsItAnew()
    {
        var deadline = new Deadline();
        deadline.Start(0);
        deadline.Start(30);
        Assert.False(deadline.IsDue(79, 50));
        Assert.True(deadline.IsDue(80, 50));
    }
}
