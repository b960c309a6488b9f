// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Sequence numbers go round (RFC 9293 section 3.4).</summary>
public sealed class SequenceNumberTests
{
    [Fact]
    public void F33_comparison_is_by_the_shorter_way_round()
    {
        Assert.True(SequenceNumber.Before(0xFFFFFFFF, 0));
        Assert.False(SequenceNumber.Before(0, 0xFFFFFFFF));
        Assert.True(SequenceNumber.Before(0x7FFFFFFF, 0x80000000));
        Assert.False(SequenceNumber.Before(5, 5));
        Assert.True(SequenceNumber.BeforeOrAt(5, 5));
        Assert.True(SequenceNumber.InWindow(2, 0xFFFFFFFE, 5));
        Assert.False(SequenceNumber.InWindow(3, 0xFFFFFFFE, 5));
        Assert.False(SequenceNumber.InWindow(0xFFFFFFFD, 0xFFFFFFFE, 5));
        Assert.False(SequenceNumber.InWindow(7, 7, 0));
    }
}
