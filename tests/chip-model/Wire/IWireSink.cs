// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>A host-side listener on a wire.</summary>
public interface IWireSink
{
    /// <summary>
    /// A frame arrived, frame check sequence included. Called within the clock's world, on whatever thread moves time: be quick, do not move time. Sending from here is
    /// allowed. The span is only valid during the call.
    /// </summary>
    void FrameArrived(ReadOnlySpan<byte> frameWithFcs, long timeNs);
}
