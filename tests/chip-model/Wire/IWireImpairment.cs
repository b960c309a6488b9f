// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Decides what becomes of frames on a wire.</summary>
public interface IWireImpairment
{
    /// <summary>The fate of a frame. Called within the clock's world, in the order in which frames are sent; must not allocate.</summary>
    WireFate Judge(ReadOnlySpan<byte> frameWithFcs, long timeNs);
}
