// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>A control block is used again and again: the next connection in it knows nothing of the one before.</summary>
public sealed class ControlBlockReuseTests
{
    /// <summary>What the table of blocks itself writes: who holds the block.</summary>
    private static readonly string[] s_ofTheTable = [nameof(TcpControlBlock.Descriptor), nameof(TcpControlBlock.NextTouched), nameof(TcpControlBlock.NextOfChain)];

    /// <summary>What a connection begins with (<see cref="Handshake"/>, the peer's SYN, the congestion control).</summary>
    private static readonly string[] s_ofTheHandshake =
    [
        nameof(TcpControlBlock.OpenOrder), nameof(TcpControlBlock.Iss), nameof(TcpControlBlock.SndUna), nameof(TcpControlBlock.SndNxt),
        nameof(TcpControlBlock.SndMax), nameof(TcpControlBlock.SndEnd), nameof(TcpControlBlock.SndWl1), nameof(TcpControlBlock.SndWl2),
        nameof(TcpControlBlock.SndMss), nameof(TcpControlBlock.CongestionWindow), nameof(TcpControlBlock.SlowStartThreshold),
        nameof(TcpControlBlock.AcknowledgedBytes), nameof(TcpControlBlock.Irs), nameof(TcpControlBlock.RcvNxt), nameof(TcpControlBlock.RcvEdge),
        nameof(TcpControlBlock.Rto),
    ];

    /// <summary>What counts only while something else says so, which is put back: a timer runs, text was sent, a station is known.</summary>
    private static readonly string[] s_conditional =
    [
        nameof(TcpControlBlock.StationEnd), nameof(TcpControlBlock.RecoveryPoint), nameof(TcpControlBlock.RackSentAt), nameof(TcpControlBlock.RackEnd),
        nameof(TcpControlBlock.RackFack), nameof(TcpControlBlock.TailProbeEnd), nameof(TcpControlBlock.EarlyArrivals),
        nameof(TcpControlBlock.EarlyFinAt), nameof(TcpControlBlock.LastSentAt), nameof(TcpControlBlock.RetransmitAt),
        nameof(TcpControlBlock.AcknowledgedAt), nameof(TcpControlBlock.UserTimeoutFrom), nameof(TcpControlBlock.SendTimerAt),
        nameof(TcpControlBlock.AcknowledgmentAt), nameof(TcpControlBlock.KeepAliveAt), nameof(TcpControlBlock.StateEndsAt),
        nameof(TcpControlBlock.ChallengedAt), nameof(TcpControlBlock.AloneSince), nameof(TcpControlBlock.ProgressAt),
    ];

    /// <summary>What belongs to the socket, and outlives a connection that its owner opens anew.</summary>
    private static readonly string[] s_ofTheSocket =
    [
        nameof(TcpControlBlock.State), nameof(TcpControlBlock.Error), nameof(TcpControlBlock.LocalPort),
        nameof(TcpControlBlock.RemoteAddress), nameof(TcpControlBlock.RemotePort), nameof(TcpControlBlock.Station), nameof(TcpControlBlock.Listener),
        nameof(TcpControlBlock.Backlog), nameof(TcpControlBlock.Waiting), nameof(TcpControlBlock.NoDelay),
        nameof(TcpControlBlock.KeepAliveIdle), nameof(TcpControlBlock.UserTimeout), nameof(TcpControlBlock.TimeToLive), nameof(TcpControlBlock.IsLocalOnly),
    ];

    private static readonly Dictionary<string, object> s_notZero = new()
    {
        [nameof(TcpControlBlock.TimeToLive)] = 64,
        [nameof(TcpControlBlock.RackRtt)] = -1,
        [nameof(TcpControlBlock.MinimumRtt)] = int.MaxValue,
    };

    private static IEnumerable<FieldInfo> Fields => typeof(TcpControlBlock).GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
        .Where(f => f.FieldType != typeof(TcpIp.Frames.FrameQueue));

    [Fact]
    public void Given_back_it_is_as_it_was_when_it_was_new()
    {
        TcpControlBlock block = Used();
        block.Reset();
        Assert.False(block.Attached);
        AssertNew(block, [.. s_ofTheTable, .. s_ofTheHandshake, .. s_conditional]);
    }

    [Fact]
    public void A_socket_that_connects_anew_keeps_what_its_owner_has_set_and_nothing_of_the_connection()
    {
        TcpControlBlock block = Used();
        block.ResetConnection();
        AssertNew(block, [.. s_ofTheTable, .. s_ofTheHandshake, .. s_conditional, .. s_ofTheSocket]);
        foreach (string name in s_ofTheSocket)
        {
            FieldInfo field = Fields.Single(f => f.Name == name);
            Assert.Equal(field.GetValue(Used())?.ToString(), field.GetValue(block)?.ToString());
        }
    }

    [Fact]
    public void Its_send_variables_begin_at_the_initial_sequence_number_RFC9293_3_10_1()
    {
        TcpControlBlock block = Used();
        Handshake.BeginSending(block, 0xFFFFFFFF, 0);
        Assert.Equal((0xFFFFFFFF, 0xFFFFFFFF, 0u), (block.Iss, block.SndUna, block.SndNxt));
        Assert.Equal((0u, 0u, 1000), (block.SndMax, block.SndEnd, block.Rto));
    }

    private static void AssertNew(TcpControlBlock block, string[] but)
    {
        foreach (FieldInfo field in Fields.Where(field => !but.Contains(field.Name)))
        {
            object? expected = s_notZero.TryGetValue(field.Name, out object? value) ? value
                : field.FieldType.IsValueType ? Activator.CreateInstance(field.FieldType) : null;
            Assert.True(Equals(expected, field.GetValue(block)), $"{field.Name} is {field.GetValue(block)}, not {expected}");
        }
    }

    /// <summary>A block all of whose fields have been used.</summary>
    private static TcpControlBlock Used()
    {
        TcpControlBlock block = new(3);
        foreach (FieldInfo field in Fields.Where(field => !field.IsInitOnly))
        {
            object value = field.FieldType switch
            {
                { } type when type == typeof(bool) => true,
                { } type when type == typeof(int) => 77,
                { } type when type == typeof(uint) => 77u,
                { } type when type == typeof(TcpControlBlock) => new TcpControlBlock(4),
                { } type when type == typeof(TcpState) => TcpState.Closing,
                { } type when type == typeof(SocketError) => SocketError.TimedOut,
                { } type when type == typeof(SendTimerKind) => SendTimerKind.Reordering,
                { } type when type == typeof(AcknowledgmentDue) => AcknowledgmentDue.Soon,
                { } type => throw new NotSupportedException(type.Name),
            };
            field.SetValue(block, value);
        }

        return block;
    }
}
