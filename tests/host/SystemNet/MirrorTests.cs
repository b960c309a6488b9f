// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;
using HostTests.Repository;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace HostTests.SystemNet;

/// <summary>
/// Where the firmware has a table of native code for System.Net, the slot decides and not the method: the mirror has its native methods exactly
/// where the table has them, and calls none of them.
/// </summary>
public sealed class MirrorTests
{
    private const int Methods = 334;
    private const uint Checksum = 0x8EFB9944;

    /// <summary>Static fields before IPAddress.Any, which the firmware's code knows by its index.</summary>
    private const int StaticsBeforeAny = 10;

    private const string Slots = """
        36 NetworkInterface.InitializeNetworkInterfaceSettings
        37 NetworkInterface.UpdateConfiguration
        38 NetworkInterface.GetIsNetworkAvailable
        40 NetworkInterface.GetNetworkInterfaceCount
        41 NetworkInterface.GetNetworkInterface
        42 NetworkInterface.IPV4AddressFromString
        43 NetworkInterface.IPV6AddressFromString
        85 IPAddress.IPv4ToString
        86 IPAddress.IPv6ToString
        102 IPGlobalProperties.GetIPAddress
        146 Wireless80211Configuration.GetWireless82011ConfigurationCount
        147 Wireless80211Configuration.GetWireless82011Configuration
        148 Wireless80211Configuration.UpdateConfiguration
        177 WirelessAPConfiguration.GetWirelessAPConfigurationCount
        178 WirelessAPConfiguration.GetWirelessAPConfiguration
        179 WirelessAPConfiguration.UpdateConfiguration
        180 WirelessAPConfiguration.NativeGetConnectedClients
        181 WirelessAPConfiguration.NativeDeauthStation
        184 CertificateManager.AddCaCertificateBundle
        185 SslNative.SecureServerInit
        186 SslNative.SecureClientInit
        187 SslNative.SecureAccept
        188 SslNative.SecureConnect
        189 SslNative.SecureRead
        190 SslNative.SecureWrite
        191 SslNative.SecureCloseSocket
        192 SslNative.ExitSecureContext
        193 SslNative.DataAvailable
        245 X509Certificate.ParseCertificate
        276 NativeSocket.socket
        277 NativeSocket.bind
        278 NativeSocket.connect
        279 NativeSocket.send
        280 NativeSocket.recv
        281 NativeSocket.close
        282 NativeSocket.listen
        283 NativeSocket.accept
        284 NativeSocket.getaddrinfo
        285 NativeSocket.shutdown
        286 NativeSocket.sendto
        287 NativeSocket.recvfrom
        288 NativeSocket.getpeername
        289 NativeSocket.getsockname
        290 NativeSocket.getsockopt
        291 NativeSocket.setsockopt
        292 NativeSocket.poll
        293 NativeSocket.ioctl
        333 X509Certificate2.DecodePrivateKeyNative
        """;

    private const string Types = """
        0 IPConfiguration
        9 NetworkAddressChangedEventHandler
        13 NetworkInterface
        44 NetworkHelper
        58 NetworkHelperInternal
        61 Dns
        62 EndPoint
        65 IPAddress
        88 IPEndPoint
        99 IPHostEntry
        102 IPGlobalProperties
        103 NetworkAPStationChangedEventHandler
        107 NetworkAPStationEventArgs
        110 NetworkAvailabilityChangedEventHandler
        114 NetworkAvailabilityEventArgs
        116 NetworkChange
        124 NetworkEvent
        125 NetworkListener
        129 Wireless80211Configuration
        149 WirelessAPStation
        153 WirelessAPConfiguration
        182 CertificateManager
        185 SslNative
        194 Socket
        237 X509Certificate
        246 SslStream
        264 SocketAddress
        275 NativeSocket
        294 NetworkStream
        316 SocketException
        318 CryptographicException
        321 X509Certificate2
        """;

    [Fact]
    public void Each_slot_that_the_table_fills_is_where_it_belongs()
    {
        using ModuleDefinition module = Mirror();
        NativeTable table = new(module);
        Assert.Equal(Methods, table.Methods.Length);
        Assert.Equal(Lines(Slots), table.Methods.Index().Where(m => NativeTable.IsNative(m.Item)).Select(m => $"{m.Index} {m.Item.DeclaringType.Name}.{m.Item.Name}"));
        Assert.Equal(Lines(Types), table.Methods.Index().DistinctBy(m => m.Item.DeclaringType).Select(m => $"{m.Index} {m.Item.DeclaringType.Name}"));
    }

    [Fact]
    public void The_checksum_is_the_tables()
    {
        using ModuleDefinition module = Mirror();
        Assert.Equal(Checksum, new NativeTable(module).Checksum("System.Net"));
    }

    /// <summary>
    /// The metadata processor has the last word: it sorts as its culture does, and without ICU it has another one than we reckon with. Where a build
    /// from elsewhere is named and its .pe file lies beside it, that file's header is read.
    /// </summary>
    [Theory]
    [InlineData("Plain", 0u)]
    [InlineData("Mirror", Checksum)]
    public void The_file_that_is_deployed_has_the_checksum(string shape, uint checksum)
    {
        string deployed = Path.ChangeExtension(ShapeFiles.Of(shape), ".pe");
        Assert.True(ShapeFiles.IsFromElsewhere(shape) || !File.Exists(deployed), deployed);
        if (File.Exists(deployed))
        {
            Assert.Equal(checksum, ChecksumIn(File.ReadAllBytes(deployed)));
        }
    }

    /// <summary>The first bytes of what the metadata processor made of the mirror, with ICU and without, and of the plain shape.</summary>
    [Theory]
    [InlineData("4E464D524B31000068EC10E1593551A3000000004499FB8EFFFFFFFF", Checksum)]
    [InlineData("4E464D524B310000D847DC0CBA42419A0000000097E924F9FFFFFFFF", 0xF924E997)]
    [InlineData("4E464D524B310000EC2120DC510ED9E10000000000000000FFFFFFFF", 0u)]
    public void The_checksum_of_a_deployed_file_is_found(string header, uint checksum) => Assert.Equal(checksum, ChecksumIn(Convert.FromHexString(header)));

    [Fact]
    public void Without_native_methods_there_is_no_checksum()
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(ShapeFiles.Of("Plain"));
        NativeTable table = new(module);
        Assert.DoesNotContain(table.Methods, m => NativeTable.IsNative(m) || m.IsPInvokeImpl);
        Assert.Equal(0u, table.Checksum("System.Net"));
    }

    [Theory]
    [InlineData("Plain")]
    [InlineData("Mirror")]
    public void No_body_calls_a_native_method(string shape)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(ShapeFiles.Of(shape));
        Assert.Equal([], NativeCalls(module));
    }

    [Fact]
    public void A_call_of_a_native_method_is_found()
    {
        using ModuleDefinition module = Mirror();
        MethodDefinition caller = module.GetType("System.Net.Dns").Methods[0];
        caller.Body.GetILProcessor().InsertBefore(caller.Body.Instructions[0], Instruction.Create(OpCodes.Call, module.GetType("System.Net.Sockets.NativeSocket").Methods.First(m => m.Name == "socket")));
        Assert.Equal(["Dns.GetHostEntry calls socket"], NativeCalls(module));
    }

    [Fact]
    public void The_compiler_has_added_no_types()
    {
        using ModuleDefinition module = Mirror();
        Assert.Equal(["<Module>"], module.GetTypes().Where(t => t.Name.Contains('<') || t.Namespace.StartsWith("Microsoft", StringComparison.Ordinal)).Select(t => t.Name));
    }

    [Fact]
    public void Native_code_finds_what_it_fills_in()
    {
        // IPGlobalProperties.GetIPAddress makes an IPAddress, and falls back on IPAddress.Any
        using ModuleDefinition module = Mirror();
        NativeTable table = new(module);
        Assert.Equal("Any", table.StaticFields[StaticsBeforeAny].Name);
        FieldDefinition[] fields = [.. module.GetType("System.Net.IPAddress").Fields.Where(f => !f.IsStatic)];
        Assert.Equal(["Address", "_family"], fields.Take(2).Select(f => f.Name));
        Assert.Equal("System.Int64", fields[0].FieldType.FullName);
    }

    [Theory]
    [InlineData("System.Net.Dns")]
    [InlineData("System.Net.Sockets.Socket")]
    public void One_method_more_is_another_checksum(string type)
    {
        using ModuleDefinition module = Mirror();
        MethodDefinition method = new("Planted", MethodAttributes.Private, module.TypeSystem.Void);
        method.Body.GetILProcessor().Emit(OpCodes.Ret);
        module.GetType(type).Methods.Add(method);
        Assert.NotEqual(Checksum, new NativeTable(module).Checksum("System.Net"));
    }

    [Fact]
    public void A_call_that_moves_a_type_is_another_checksum()
    {
        using ModuleDefinition module = Mirror();
        MethodDefinition caller = module.GetType("System.Net.Dns").Methods[0];
        caller.Body.GetILProcessor().InsertBefore(caller.Body.Instructions[0], Instruction.Create(OpCodes.Call, module.GetType("System.Net.IPAddress").Methods.First(m => m.Name == "Parse")));
        Assert.NotEqual(Checksum, new NativeTable(module).Checksum("System.Net"));
    }

    [Fact]
    public void The_version_of_the_table_is_told_to_Visual_Studio()
    {
        string text = File.ReadAllText(RepositoryFiles.FullPath("stack/SystemNet/Mirror/Properties/NativeVersion.cs"));
        Assert.Contains("AssemblyNativeVersion(\"100.2.0.14\")", text, StringComparison.Ordinal);
        Assert.DoesNotContain(RepositoryFiles.Sources("stack/SystemNet").Where(f => !f.Contains("Mirror", StringComparison.Ordinal)), f => File.ReadAllText(f).Contains("AssemblyNativeVersion", StringComparison.Ordinal));
    }

    private static ModuleDefinition Mirror() => ModuleDefinition.ReadModule(ShapeFiles.Of("Mirror"));

    /// <summary>Behind the marker stand two checksums of the file itself, flags, and the checksum of the native methods.</summary>
    private static uint ChecksumIn(byte[] deployed)
    {
        Assert.Equal("NFMRK1\0\0"u8, deployed.AsSpan(0, 8));
        return BinaryPrimitives.ReadUInt32LittleEndian(deployed.AsSpan(20));
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    private static string[] NativeCalls(ModuleDefinition module) =>
    [
        .. module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody)
            .SelectMany(m => m.Body.Instructions.Select(i => i.Operand).OfType<MethodDefinition>().Where(NativeTable.IsNative)
                .Select(called => $"{m.DeclaringType.Name}.{m.Name} calls {called.Name}")),
    ];
}
