// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Forward;

/// <summary>Stands between a stack on the PC and the wire.</summary>
internal interface IFrameFilter
{
    /// <summary>Looks at a frame from the wire; it may be changed.</summary>
    /// <returns>Whether it was dealt with: then the stack does not see it.</returns>
    bool Take(Span<byte> frame);

    /// <summary>Looks at a frame that the stack sends; it may be changed.</summary>
    void Leaving(Span<byte> frame);
}
