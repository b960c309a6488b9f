// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Benchmarks;

/// <summary>
/// A second copy of the benchmarks in this process, in which the device's assemblies have counters. What runs in it shares nothing
/// with what runs outside, or in another context.
/// </summary>
public sealed class CountedContext : AssemblyLoadContext
{
    private static readonly string[] s_counted = ["TcpIp", "TcpIp.Net", "TcpIp.Dhcp", "TcpIp.Dns", "TcpIp.Mdns", "TcpIp.Sntp", "TcpIp.Http", "TcpIp.HttpClient", "Iot.Device.Enc28j60", "Firmware", "DeviceTests"];
    private static readonly string[] s_copied = ["Benchmarks", "DeviceApi", "ChipModel"];
    private static readonly string s_folder = Path.GetDirectoryName(typeof(CountedContext).Assembly.Location)!;

    private readonly IlInstrumenter _instrumenter = new();
    private readonly Dictionary<string, MemoryStream> _images = [];

    /// <summary>Reads the device's assemblies and adds counters to them.</summary>
    /// <param name="folder">Where those lie that are not to be taken as they were compiled, or null.</param>
    public CountedContext(string? folder = null)
        : base("counted")
    {
        bool allOptimized = true;
        foreach (string name in s_counted)
        {
            string changed = Path.Combine(folder ?? string.Empty, name + ".dll");
            string path = folder is not null && File.Exists(changed) ? changed : Path.Combine(s_folder, name + ".dll");
            _images[name] = _instrumenter.Instrument(path, type => Part(name, type), out bool isOptimized);
            allOptimized &= isOptimized;
        }

        IsOptimized = allOptimized;
    }

    /// <summary>Gets a value indicating whether the assemblies were compiled as for the board: only then their counts are the board's.</summary>
    public bool IsOptimized { get; }

    /// <summary>Prints what exchanges of the firmware take in IL instructions.</summary>
    /// <param name="top">How many methods to name.</param>
    public void PrintIl(int top) => Call(typeof(BoardReport), nameof(BoardReport.PrintIl), [top]);

    /// <summary>Prints what exchanges of the firmware take in SPI transfers.</summary>
    public void PrintSpi() => Call(typeof(BoardReport), nameof(BoardReport.PrintSpi), []);

    /// <summary>Runs the device's tests that count, which print what stack and web server take between two hosts in memory.</summary>
    public void RunDeviceTests() => Call(typeof(DeviceTests), nameof(DeviceTests.Run), []);

    /// <summary>Counts a few short exchanges.</summary>
    /// <returns>What they take, a line each.</returns>
    public string[] Sample() => (string[])Call(typeof(BoardReport), nameof(BoardReport.Sample), [])!;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        ArgumentNullException.ThrowIfNull(assemblyName);
        if (_images.TryGetValue(assemblyName.Name!, out MemoryStream? image))
        {
            image.Position = 0;
            return LoadFromStream(image);
        }

        return s_copied.Contains(assemblyName.Name) ? LoadFromAssemblyPath(Path.Combine(s_folder, assemblyName.Name + ".dll")) : null;
    }

    /// <summary>Calls the copy of a static method.</summary>
    internal object? Call(Type type, string method, object[] arguments)
    {
        Assembly copy = LoadFromAssemblyName(type.Assembly.GetName());
        copy.GetType(typeof(IlCounter).FullName!)!.GetMethod(nameof(IlCounter.Begin))!.Invoke(null, [_instrumenter.Methods.ToArray()]);
        foreach (Type counted in s_counted.SelectMany(name => LoadFromAssemblyName(new AssemblyName(name)).GetTypes()))
        {
            // a board runs these at its start, not when the type is first used
            RuntimeHelpers.RunClassConstructor(counted.TypeHandle);
        }

        return copy.GetType(type.FullName!)!.GetMethod(method)!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    private static string Part(string assembly, string type) => assembly switch
    {
        "Iot.Device.Enc28j60" => "driver",
        "Firmware" => "application",
        "DeviceTests" => "test",
        _ => type.StartsWith("TcpIp.Http", StringComparison.Ordinal) ? "http" : "stack",
    };
}
