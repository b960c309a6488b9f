// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.ZeroAllocation.Walk;
using Mono.Cecil;

namespace HostTests.ZeroAllocation;

/// <summary>
/// Where a packet, a tick or an application's call enters the code after start-up. What is added here is walked; a line that names
/// nothing fails the test, so that a renamed method does not fall out of the proof.
/// </summary>
internal static class EntryPoints
{
    /// <summary>The driver's class and what the stack asks of it.</summary>
    private const string Driver = "Iot.Device.Enc28j60.Enc28j60";
    private const string Interface = "TcpIp.Link.INetworkInterface";

    /// <summary>What the types that are named as in System.Net.Sockets throw: failures only, since that is what users of them expect.</summary>
    private const string Exception = "TcpIp.Net.Sockets.SocketException";
    private const string Throw = Exception + "::Throw";
    private const string ThrowWhy = "a call has failed, and its user expects an exception";

    /// <summary>The runtime's clock takes nothing but a DateTime.</summary>
    private const string SetClock = "Firmware.Network::SetClock";
    private const string SetClockWhy = "a server has told the time, which it can once in a quarter of an hour, or more seldom";

    /// <summary>
    /// Type and method (or "get_Property"); "*" stands for every public method of the type, property accessors too. Parameter types
    /// pick one of several methods of a name; without them all are meant.
    /// </summary>
    private static readonly (string Type, string Method)[] s_named =
    [
        ("TcpIp.TcpIpStack", "Poll"),
        ("TcpIp.TcpIpStack", "Configure"),
        ("TcpIp.TcpIpStack", "ClearCounters"),
        ("TcpIp.Sockets.SocketLayer", "*"),
        ("TcpIp.Sockets.ReceivedView", "*"),
        ("TcpIp.Sockets.EchoResult", "*"),
        ("TcpIp.Sockets.SendView", "*"),
        ("TcpIp.Net.WaitingSockets", "*"),
        ("TcpIp.StackRunner", "*"),
        ("TcpIp.Net.IPAddress", "get_Value"),
        ("TcpIp.Net.IPEndPoint", "get_AddressValue"),
        ("TcpIp.Net.IPEndPoint", "get_Port"),
        ("TcpIp.Net.Sockets.NetworkStream", "*"),
        ("TcpIp.Net.Sockets.TcpClient", "Connect"),
        ("TcpIp.Net.Sockets.TcpClient", "GetStream"),
        ("TcpIp.Net.Sockets.TcpClient", "get_Available"),
        ("TcpIp.Net.Sockets.TcpClient", "get_Connected"),
        ("TcpIp.Net.Sockets.TcpClient", "set_NoDelay"),
        ("TcpIp.Net.Sockets.TcpClient", "set_ReceiveTimeout"),
        ("TcpIp.Net.Sockets.TcpClient", "set_SendTimeout"),
        ("TcpIp.Net.Sockets.TcpClient", "Close"),
        ("TcpIp.Net.Sockets.TcpClient", "Dispose"),
        ("TcpIp.Net.Sockets.TcpListener", "Start"),
        ("TcpIp.Net.Sockets.TcpListener", "Stop"),
        ("TcpIp.Net.Sockets.TcpListener", "Pending"),
        ("TcpIp.Net.Sockets.TcpListener", "AcceptTcpClient(TcpClient)"),
        ("TcpIp.Net.Sockets.UdpClient", "Connect"),
        ("TcpIp.Net.Sockets.UdpClient", "JoinMulticastGroup"),
        ("TcpIp.Net.Sockets.UdpClient", "DropMulticastGroup"),
        ("TcpIp.Net.Sockets.UdpClient", "Send"),
        ("TcpIp.Net.Sockets.UdpClient", "Receive(Byte[],IPEndPoint)"),
        ("TcpIp.Net.Sockets.UdpClient", "get_Available"),
        ("TcpIp.Net.Sockets.UdpClient", "set_EnableBroadcast"),
        ("TcpIp.Net.Sockets.UdpClient", "set_Ttl"),
        ("TcpIp.Net.Sockets.UdpClient", "Close"),
        ("TcpIp.Net.Sockets.UdpClient", "Dispose"),
        ("TcpIp.Dhcp.DhcpClient", "*"),
        ("TcpIp.Dhcp.DhcpLease", "*"),
        ("TcpIp.Dns.DnsResolver", "*"),
        ("TcpIp.Mdns.MdnsResponder", "Start"),
        ("TcpIp.Mdns.MdnsResponder", "Stop"),
        ("TcpIp.Mdns.MdnsResponder", "Poll"),
        ("TcpIp.Mdns.MdnsResponder", "ClearCounters"),
        ("TcpIp.Sntp.SntpClient", "*"),
        ("TcpIp.Threading.SocketHost", "*"),
        ("TcpIp.Threading.StackOwner", "Run"),
        ("TcpIp.Threading.EthernetInterface", "WaitForAddress"),
        ("TcpIp.Threading.EthernetInterface", "EnableDhcp"),
        ("TcpIp.Threading.EthernetInterface", "EnableStatic"),
        ("TcpIp.Threading.EthernetInterface", "RenewLease"),
        ("TcpIp.Threading.EthernetInterface", "ReleaseLease"),
        ("TcpIp.Threading.EthernetInterface", "SetDnsServer"),
        ("TcpIp.Threading.EthernetInterface", "SetDnsServers"),
        ("TcpIp.Threading.EthernetInterface", "UseDnsServersOfLease"),
        ("TcpIp.Http.HttpServer", "Poll"),
        ("TcpIp.Http.HttpServer", "ClearCounters"),
        ("TcpIp.Http.HttpClient", "Begin"),
        ("TcpIp.Http.HttpClient", "Poll"),
        ("TcpIp.Http.HttpClient", "Read"),
        ("TcpIp.Http.HttpClient", "Write"),
        ("TcpIp.Http.HttpClient", "EndBody"),
        ("TcpIp.Http.HttpClient", "Peek"),
        ("TcpIp.Http.HttpClient", "Consume"),
        ("TcpIp.Http.HttpClient", "Fetch"),
        ("TcpIp.Http.HttpClient", "WaitForAnswer"),
        ("TcpIp.Http.HttpClient", "Cancel"),
        ("TcpIp.Http.HttpClient", "CopyField"),
        ("TcpIp.Http.HttpClient", "FieldIs"),
        ("TcpIp.Http.HttpClient", "FieldLength"),
        ("TcpIp.Http.HttpClient", "ClearCounters"),
        ("TcpIp.Http.HttpRequest", "SetBody"),
        ("TcpIp.Http.HttpContext", "*"),
        ("Echo.StreamEcho", "Poll"),
        ("Echo.DatagramEcho", "Poll"),
        ("RestServer.Values", "List"),
        ("RestServer.Values", "Show"),
        ("RestServer.Values", "Set"),
        ("RestServer.Values", "Delete"),
        ("RestServer.Echo", "Answer"),
        ("RestServer.Form", "Answer"),
        ("TcpIp.Http.HttpValue", "*"),
        ("TcpIp.Http.HttpEvents", "Publish"),
        ("TcpIp.Frames.WordBuffer", "SetByte"),
        ("TcpIp.Frames.WordBuffer", "ChangeDecimal"),
        ("TcpIp.Frames.WordBuffer", "WriteTwoDigits"),
        ("TcpIp.Frames.WordBuffer", "WriteDecimal"),
        ("TcpIp.Frames.FramePool", "*"),
        (Driver, "get_State"),
        (Driver, "get_Fault"),
        (Driver, "get_Counters"),
        (Driver, "ClearCounters"),
        (Driver, "Restart"),
        (Driver, "WaitForInterrupt"),
        (Driver, "Sleep"),
        (Driver, "Wake"),
        (Driver, "JoinMulticast"),
        (Driver, "LeaveMulticast"),
        (Driver, "SetFilters"),
        (Driver, "get_LastRecovery"),
        ("Iot.Device.Enc28j60.Enc28j60Counters", "Recoveries"),

        // the pages (HttpPage.Update) are reached from HttpServer.Poll, the random numbers from TcpIpStack.Poll
        ("Firmware.Application", "Step"),
        ("Firmware.Application", "Stop"),
        ("Firmware.StatusApi", "AnswerStatus"),
        ("Firmware.StatusApi", "AnswerLed"),
        ("Firmware.Network", "Poll"),
        ("Firmware.Network", "ForgetLease"),
        ("Firmware.Network", "Release"),
        ("Firmware.Network", "WaitForLink"),
        ("Firmware.Network", "WaitForAddress"),
        ("Firmware.Program", "Run"),
    ];

    /// <summary>
    /// Members of the interface that are asked at start-up only, when an exception is the right answer to a wrong order of calls. That no
    /// entry point reaches them is a test of its own.
    /// </summary>
    private static readonly string[] s_startUpOnly = ["get_WordOrder", "get_MacAddress"];

    /// <summary>
    /// What is known to allocate and is left in place: the method, the violation, and why. Each must be found, and a test says how the
    /// method is reached.
    /// </summary>
    public static readonly (string Method, string What, string Why)[] Exemptions =
    [
        (Throw, "new " + Exception, ThrowWhy),
        (Throw, "throws", ThrowWhy),
        (SetClock, "new System.DateTime", SetClockWhy),
        (SetClock, "framework call that is not known to be free: System.Boolean nanoFramework.Runtime.Native.Rtc::SetSystemTime(System.DateTime)", SetClockWhy),
        (
            "TcpIp.Http.HttpServer::Call",
            "call of delegate TcpIp.Http.HttpHandler: its target cannot be followed",
            "the application's method; those of the firmware are entry points of their own"),
        (Exception + "::.ctor", "framework call that is not known to be free: System.Void System.Exception::.ctor()", ThrowWhy),
    ];

    /// <summary>
    /// The only ways to the exempted methods: <c>Check</c> calls what throws only with an error in its hand, and <c>FollowTime</c> sets the clock
    /// only when the time was told anew, and <c>Answer</c> calls a handler for a request.
    /// </summary>
    public static readonly string[] ExemptionGates = [Exception + "::Check", "Firmware.Network::FollowTime", "TcpIp.Http.HttpServer::Answer"];

    /// <summary>
    /// What an application supplies and nothing in the walked code implements: nothing, since a runner for the board is among it. Of another
    /// runner it is the application's to see to that the clock and the sleep allocate nothing.
    /// </summary>
    public static readonly string[] ApplicationSupplied = [];

    /// <summary>Finds all entry points.</summary>
    public static List<MethodDefinition> Find(AssemblySet assemblies) =>
        [.. s_named.SelectMany(name => Find(assemblies, name.Type, name.Method)), .. FindDriver(assemblies)];

    /// <summary>Finds the interface's members that are asked at start-up only, and the driver's implementations of them.</summary>
    public static IEnumerable<MethodDefinition> FindStartUpOnly(AssemblySet assemblies) =>
        s_startUpOnly.SelectMany(name => Find(assemblies, Interface, name).Concat(Find(assemblies, Driver, name)));

    /// <summary>Finds the methods that a type and a name stand for.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static IEnumerable<MethodDefinition> Find(AssemblySet assemblies, string typeName, string methodName)
    {
        MethodDefinition[] found = assemblies.Find(typeName)?.Methods
            .Where(m => !m.IsConstructor && (methodName == "*" ? m.IsPublic : m.Name == methodName || Signature(m) == methodName))
            .ToArray() ?? [];
        return found.Length > 0 ? found : throw new InvalidOperationException($"There is no entry point {typeName}::{methodName}.");
    }

    private static string Signature(MethodDefinition method) =>
        method.Name + "(" + string.Join(",", method.Parameters.Select(p => p.ParameterType.Name)) + ")";

    /// <summary>The driver's implementations of all members of the interface that are used after start-up.</summary>
    private static IEnumerable<MethodDefinition> FindDriver(AssemblySet assemblies)
    {
        foreach (MethodDefinition slot in Find(assemblies, Interface, "*").Where(m => !s_startUpOnly.Contains(m.Name)))
        {
            foreach (MethodDefinition implementation in Find(assemblies, Driver, slot.Name))
            {
                yield return implementation;
            }
        }
    }
}
