// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Sees everything on a wire, for a capture.</summary>
public interface IWireTap
{
    /// <summary>Something happened to a frame. The span is only valid during the call; calls come one at a time.</summary>
    /// <param name="what">What happened.</param>
    /// <param name="port">The port that sent the frame for <see cref="WireEvent.Sent"/> and <see cref="WireEvent.Lost"/>, otherwise the one that it came to.</param>
    /// <param name="frameWithFcs">The frame with its check sequence.</param>
    /// <param name="timeNs">Virtual time, nanoseconds.</param>
    void FrameSeen(WireEvent what, WirePort port, ReadOnlySpan<byte> frameWithFcs, long timeNs);
}
