// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Globalization;

namespace HostTests.EndToEnd;

/// <summary>A headless Chromium, and its first tab.</summary>
internal sealed class Chromium : BrowserTab
{
    public const string Command = "chromium";

    private readonly string _profile = Directory.CreateTempSubdirectory("chromium").FullName;
    private readonly Process _process;

    private Chromium()
    {
        _process = Tool.Start([Command, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0", "--user-data-dir=" + _profile, "about:blank"]);
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The port that it is told on.</summary>
    public int Port { get; private set; }

    /// <summary>Starts it.</summary>
    public static async Task<Chromium> StartAsync()
    {
        var browser = new Chromium();
        string file = Path.Combine(browser._profile, "DevToolsActivePort");
        Assert.True(Eventually.Is(() => File.Exists(file) && File.ReadAllLines(file).Length == 2), "Chromium does not start.");
        browser.Port = int.Parse(File.ReadAllLines(file)[0], CultureInfo.InvariantCulture);
        await browser.ConnectAsync(browser.Port);
        return browser;
    }

    public override void Dispose()
    {
        base.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // what is left of it may still write its last; the folder is a temporary one
        }
    }
}
