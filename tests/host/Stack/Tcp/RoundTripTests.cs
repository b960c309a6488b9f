// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>The retransmission timeout that follows from measured round trips (RFC 6298 section 2).</summary>
public sealed class RoundTripTests
{
    [Theory]
    [InlineData(100, 100 << 3, 200, 300)] // SRTT = R, RTTVAR = R / 2, RTO = SRTT + 4 RTTVAR
    [InlineData(7, 7 << 3, 14, 21)]
    [InlineData(1, 1 << 3, 2, 3)]
    [InlineData(0, 1, 0, 1)] // a measurement, and the granularity of the clock
    [InlineData(20000, 20000 << 3, 40000, 60000)]
    [InlineData(20001, 20001 << 3, 40002, 60000)] // no timeout is longer than a minute
    [InlineData(60001, 60000 << 3, 120000, 60000)]
    public void The_first_measurement_RFC6298_2_2(int milliseconds, int srtt8, int rttVar4, int rto)
    {
        TcpControlBlock block = new(0);
        RetransmissionTimeout.Measure(block, milliseconds, 0);
        Assert.Equal((srtt8, rttVar4, rto), (block.Srtt8, block.RttVar4, block.Rto));
    }

    [Theory]
    [InlineData(100, 800, 150, 250)] // RTTVAR = 3/4 50, SRTT = 100
    [InlineData(180, 880, 230, 340)] // RTTVAR = 3/4 50 + 1/4 80, SRTT = 7/8 100 + 1/8 180
    [InlineData(20, 720, 230, 320)]
    [InlineData(101, 801, 151, 251)]
    [InlineData(99, 799, 151, 250)]
    [InlineData(0, 700, 250, 337)]
    public void Those_that_follow_RFC6298_2_3(int milliseconds, int srtt8, int rttVar4, int rto)
    {
        TcpControlBlock block = new(0) { Srtt8 = 800, RttVar4 = 200 };
        RetransmissionTimeout.Measure(block, milliseconds, 0);
        Assert.Equal((srtt8, rttVar4, rto), (block.Srtt8, block.RttVar4, block.Rto));
    }

    [Fact]
    public void A_measurement_stays_one_however_short_round_trips_become()
    {
        TcpControlBlock block = new(0) { Srtt8 = 1, RttVar4 = 3 };
        RetransmissionTimeout.Measure(block, 0, 0);
        Assert.Equal((1, 3), (block.Srtt8, block.RttVar4));
        block.Srtt8 = 8;
        RetransmissionTimeout.Measure(block, 0, 0);
        Assert.Equal((7, 4), (block.Srtt8, block.RttVar4));
    }

    [Fact]
    public void What_is_less_than_nothing_is_none()
    {
        TcpControlBlock block = new(0) { Srtt8 = 800, RttVar4 = 200, Rto = 4000 };
        RetransmissionTimeout.Measure(block, -1, 0);
        Assert.Equal((800, 200, 4000), (block.Srtt8, block.RttVar4, block.Rto));
    }

    [Theory]
    [InlineData(0, 200, 0, 1000)] // nothing measured: a second
    [InlineData(800, 200, 299, 300)]
    [InlineData(800, 200, 301, 301)]
    [InlineData(800, 0, 0, 101)]
    [InlineData(800, 1, 0, 101)]
    [InlineData(800, 2, 0, 102)]
    [InlineData(480000, 1, 0, 60000)]
    [InlineData(479992, 1, 0, 60000)]
    [InlineData(479984, 1, 0, 59999)]
    public void The_timeout_is_between_the_least_and_a_minute_RFC6298_2(int srtt8, int rttVar4, int minimum, int rto)
    {
        Assert.Equal(rto, RetransmissionTimeout.Timeout(new TcpControlBlock(0) { Srtt8 = srtt8, RttVar4 = rttVar4 }, minimum));
    }

    [Theory]
    [InlineData(300, 600)]
    [InlineData(30000, 60000)]
    [InlineData(30001, 60000)]
    [InlineData(60000, 60000)]
    public void Each_expiry_doubles_it_up_to_a_minute_RFC6298_5_5(int rto, int doubled)
    {
        TcpControlBlock block = new(0) { Rto = rto };
        RetransmissionTimeout.BackOff(block);
        Assert.Equal(doubled, block.Rto);
    }
}
