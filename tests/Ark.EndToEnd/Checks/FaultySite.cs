namespace Ark.EndToEnd.Checks;

/// <summary>Four machines, for one fault not to hide another.</summary>
public sealed class FaultySite() : CheckedSite("-faults", 4)
{
    /// <summary>A source of packages on the machine itself, which has a telnet.</summary>
    internal static readonly string Mirror = $"""
        mkdir -p /opt/mirror
        {Package("telnet", "/usr/bin/telnet", "/opt/mirror/telnet.deb")}
        {Index}
        echo 'deb [trusted=yes] file:/opt/mirror ./' > /etc/apt/sources.list
        """;

    internal const string Index = """
        cd /opt/mirror; { dpkg-deb -f telnet.deb; echo Filename: ./telnet.deb; echo "Size: $(stat -c %s telnet.deb)"; echo "SHA256: $(sha256sum < telnet.deb | cut -c -64)"; } > Packages; cd /
        """;

    /// <summary>The script that makes a package of one program, which says "a tool".</summary>
    /// <param name="after">Its script that runs after it was installed.</param>
    internal static string Package(string name, string program, string file, string after = "exit 0") => $"""
        made=$(mktemp -d); mkdir -p $made/DEBIAN $made/usr/bin
        printf '#!/bin/sh\necho a tool\n' > $made{program}; printf '#!/bin/sh\n{after}\n' > $made/DEBIAN/postinst; chmod 755 $made{program} $made/DEBIAN $made/DEBIAN/postinst
        printf 'Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@demo.example>\nDescription: {name}\n' > $made/DEBIAN/control
        dpkg-deb -b --root-owner-group $made {file} >/dev/null; rm -r $made
        """;

    protected override async Task MakeAsync()
    {
        await base.MakeAsync();
        foreach (var machine in (string[])["m3", "m4"]) await Lab.InsideAsync(machine, "ln -s /bin/true /usr/local/bin/telnet");
    }
}
