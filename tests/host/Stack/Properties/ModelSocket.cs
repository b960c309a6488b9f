// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Properties;

/// <summary>What the model knows of a socket that the application holds.</summary>
internal sealed class ModelSocket(int descriptor, bool isDatagram)
{
    public int Descriptor { get; } = descriptor;

    public bool IsDatagram { get; } = isDatagram;

    /// <summary>Gets or sets the port that it was bound to, or 0.</summary>
    public int Port { get; set; }

    public bool Listens { get; set; }

    /// <summary>Gets or sets a value indicating whether it has, or had, a peer.</summary>
    public bool HasPeer { get; set; }

    /// <summary>Gets a value indicating whether it is as new, but perhaps for a port.</summary>
    public bool IsFresh => !Listens && !HasPeer;
}
