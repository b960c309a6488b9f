// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>How much is on its way (RFC 6675 section 4, SetPipe): sent, and neither acknowledged nor lost nor known to have arrived.</summary>
public sealed class PipeTests
{
    [Theory]
    [InlineData(0, 0, 0, 3000)]
    [InlineData(TcpLossDetection.Sacked, 0, 0, 2000)]
    [InlineData(0, TcpLossDetection.Lost, 0, 2000)]
    [InlineData(0, 0, TcpLossDetection.Sacked, 2000)]
    [InlineData(0, 0, TcpLossDetection.Repeated, 3000)]
    [InlineData(TcpLossDetection.Lost | TcpLossDetection.Repeated, 0, TcpLossDetection.Sacked, 1000)]
    [InlineData(TcpLossDetection.Lost, TcpLossDetection.Sacked, TcpLossDetection.Lost, 0)]
    public void What_is_lost_or_has_arrived_is_on_its_way_no_more(int first, int second, int third, int expected)
    {
        Flight flight = new();
        flight.Send(marks: first);
        flight.Send(marks: second);
        flight.Send(marks: third);
        Assert.Equal(expected, TcpLossDetection.Pipe(flight.Block));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loss_counts_whether_or_not_the_peer_acknowledges_selectively(bool sack)
    {
        Flight flight = new(sack);
        flight.Send(marks: TcpLossDetection.Lost);
        flight.Send();
        Assert.Equal(1000, TcpLossDetection.Pipe(flight.Block));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_FIN_has_a_number_and_takes_no_room(bool sack)
    {
        Flight flight = new(sack);
        flight.Send();
        flight.SendFin();
        Assert.Equal(1000, TcpLossDetection.Pipe(flight.Block));
        flight.Block.SndUna += 1000;
        flight.Block.SendQueue.Dequeue();
        Assert.Equal(0, TcpLossDetection.Pipe(flight.Block));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_and_not_sent_is_not_on_its_way(bool sack)
    {
        Flight flight = new(sack);
        flight.Send();
        flight.Write();
        flight.Write();
        Assert.Equal(1000, TcpLossDetection.Pipe(flight.Block));
    }

    [Theory]
    [InlineData(1, 999)]
    [InlineData(0, 1000)]
    [InlineData(400, 600)]
    public void Of_a_lost_segment_that_is_acknowledged_in_part_only_the_rest_was_on_its_way(int acknowledged, int rest)
    {
        Flight flight = new();
        flight.Send(marks: TcpLossDetection.Lost);
        flight.Send();
        flight.Block.SndUna += (uint)acknowledged;
        Assert.Equal(1000, TcpLossDetection.Pipe(flight.Block));
        flight.Segments[0].Marks = 0;
        flight.Block.LostSegments = 0;
        Assert.Equal(1000 + rest, TcpLossDetection.Pipe(flight.Block));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    [InlineData(999)]
    public void Of_a_lost_segment_that_was_sent_in_part_no_more_than_that_is_missing(int sent)
    {
        // the peer's window ended in the middle of it
        Flight flight = new();
        flight.Send();
        flight.Send(marks: TcpLossDetection.Lost);
        flight.Block.SndNxt = flight.Block.SndMax = flight.Segments[1].Sequence + (uint)sent;
        Assert.Equal(1000, TcpLossDetection.Pipe(flight.Block));
    }

    [Fact]
    public void A_mark_on_what_was_not_sent_counts_for_nothing()
    {
        // a probe of a closed window has carried a byte of it, and moved nothing
        Flight flight = new();
        flight.Send();
        Frame probed = flight.Write();
        flight.Block.SndMax++;
        probed.Marks = TcpLossDetection.Lost;
        flight.Block.LostSegments = 1;
        Assert.Equal(1000, TcpLossDetection.Pipe(flight.Block));
        flight.Write().Marks = TcpLossDetection.Lost;
        Assert.Equal(1000, TcpLossDetection.Pipe(flight.Block));
    }
}
