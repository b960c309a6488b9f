// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.PacketWay;

/// <summary>One call of a method of the stack.</summary>
/// <param name="Method">Type and method, such as SegmentArrives.Process; an accessor has the name of its property.</param>
/// <param name="File">The file that it is written in, as seen from stack/.</param>
/// <param name="Summary">The first sentence of its documentation, or nothing.</param>
/// <param name="Depth">How many other calls were on their way.</param>
/// <param name="IsAccessor">Whether it is a property's.</param>
/// <param name="IsVoid">Whether it returns nothing: it is called for what it does.</param>
internal sealed record Call(string Method, string File, string Summary, int Depth, bool IsAccessor, bool IsVoid);
