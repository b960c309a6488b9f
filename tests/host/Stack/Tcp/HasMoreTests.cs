// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Whether unsent text would go if the network were trusted with it: then more duplicates can come (RFC 5827 section 2).</summary>
public sealed class HasMoreTests
{
    private readonly Flight _flight = new();

    public HasMoreTests()
    {
        _flight.SendMany(2);
        _flight.Block.SndWnd = 8000;
        _flight.Block.MaxSndWnd = 8000;
    }

    [Fact]
    public void Where_all_was_sent_there_is_no_more()
    {
        _flight.Block.NoDelay = true;
        Assert.False(TcpOutput.HasMore(_flight.Block));
        _flight.Block.FinQueued = true;
        Assert.False(TcpOutput.HasMore(_flight.Block));
    }

    [Theory]
    [InlineData(1000, false, false, true)]
    [InlineData(999, false, false, false)] // it waits to be filled up (Nagle)
    [InlineData(999, true, false, true)]
    [InlineData(999, false, true, true)]
    [InlineData(1, true, false, true)]
    public void A_full_segment_goes_and_a_small_one_if_it_does_not_wait(int length, bool noDelay, bool fin, bool more)
    {
        _flight.Write(length);
        _flight.Block.NoDelay = noDelay;
        _flight.Block.FinQueued = fin;
        Assert.Equal(more, TcpOutput.HasMore(_flight.Block));
    }

    [Fact]
    public void Small_ones_that_make_a_full_one_together_go()
    {
        _flight.Write(500);
        _flight.Write(499);
        Assert.False(TcpOutput.HasMore(_flight.Block));
        _flight.Write(1);
        Assert.True(TcpOutput.HasMore(_flight.Block));
    }

    [Theory]
    [InlineData(3000, true)]
    [InlineData(2999, false)]
    [InlineData(0, false)]
    public void It_must_fit_the_peers_window(int window, bool more)
    {
        _flight.Write();
        _flight.Block.SndWnd = window;
        Assert.Equal(more, TcpOutput.HasMore(_flight.Block));
    }

    [Fact]
    public void A_segment_that_was_sent_in_part_is_not_sent()
    {
        _flight.Block.SndNxt -= 1;
        _flight.Block.NoDelay = true;
        Assert.True(TcpOutput.HasMore(_flight.Block));
    }
}
