// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Takes what a chip sends.</summary>
public interface IEthernetPort
{
    /// <summary>
    /// The last bit of a frame has left. The bytes include the frame check sequence as it was on the wire; a frame that was cut short has a wrong one.
    /// Called within the clock's world: be quick, do not allocate, do not move time. The span is only valid during the call.
    /// </summary>
    void FrameSent(ReadOnlySpan<byte> frameWithFcs, long timeNs);
}
