// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;

namespace HostTests.Support;

/// <summary>The frame that TCP has of its own for segments without text.</summary>
internal static class ControlFrame
{
    private const BindingFlags Inner = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>Finds a stack's.</summary>
    /// <param name="stack">The stack.</param>
    public static Frame Of(TcpIpStack stack)
    {
        object arrival = stack.Tcp.GetType().GetField("_segmentArrives", Inner)!.GetValue(stack.Tcp)!;
        object transmitter = arrival.GetType().GetField("_transmitter", Inner)!.GetValue(arrival)!;
        return (Frame)transmitter.GetType().GetField("_control", Inner)!.GetValue(transmitter)!;
    }
}
