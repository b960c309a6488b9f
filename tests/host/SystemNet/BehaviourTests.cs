// Licensed under the MIT license. See LICENSE in the repository root.

extern alias behaviours;

using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Theirs = SystemNetBehaviours;
using Ours = behaviours::SystemNetBehaviours;

namespace HostTests.SystemNet;

/// <summary>The same stories, told by .NET's System.Net over the kernel and by ours over the stack's loopback, with threads of the runtime.</summary>
[Collection(NetworkCollection.Name)]
public sealed class BehaviourTests
{
    public static TheoryData<string> SocketStories => Stories(typeof(Theirs.SocketBehaviours));

    public static TheoryData<string> AddressStories => Stories(typeof(Theirs.AddressBehaviours));

    [Theory]
    [MemberData(nameof(SocketStories))]
    public void Sockets(string story)
    {
        string theirs = Tell(typeof(Theirs.SocketBehaviours), story);
        if (!HasWayOut())
        {
            // a PC without a network does not come to ask whether it may
            theirs = theirs.Replace("SocketException 10051", "SocketException 10013", StringComparison.Ordinal);
        }

        Assert.Equal(theirs, Tell(typeof(Ours.SocketBehaviours), story));
    }

    [Theory]
    [MemberData(nameof(AddressStories))]
    public void Addresses(string story) => Assert.Equal(Tell(typeof(Theirs.AddressBehaviours), story), Tell(typeof(Ours.AddressBehaviours), story));

    private static TheoryData<string> Stories(Type type) => [.. type.GetMethods(BindingFlags.Public | BindingFlags.Static).Select(m => m.Name)];

    private static bool HasWayOut()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
        try
        {
            socket.Connect(IPAddress.Broadcast, 9);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == System.Net.Sockets.SocketError.NetworkUnreachable)
        {
            return false;
        }
    }

    private static string Tell(Type type, string story) => (string)type.GetMethod(story)!.Invoke(null, null)!;
}
