namespace Ark.Core.Planning;

/// <summary>What must happen after a managed file changed, so that it takes effect.</summary>
public enum FileEffect { None, LoadSysctls, RestartDocker }

/// <summary>Installs Docker from the packages carried along; <paramref name="Distribution"/> names their folder: <c>debian-12</c>.</summary>
public sealed record InstallDocker(string Machine, string Distribution) : Work;

/// <summary>Writes a file that Ark owns, whole, and keeps what stood there before the first time as <c>/var/lib/ark/before/…</c>.</summary>
/// <param name="Mode">Octal permissions as a number.</param>
public sealed record WriteFile(string Machine, string Path, int Mode, string Text, FileEffect Effect) : Work;

/// <summary>Keeps a block of lines between Ark's marks in a file that others own; empty text removes block and marks.</summary>
public sealed record WriteBlock(string Machine, string Path, string Text) : Work;

/// <summary>Puts back what stood there before Ark wrote the file.</summary>
public sealed record RestoreFile(string Machine, string Path) : Work;

/// <summary>Starts the Swarm on its first manager.</summary>
/// <param name="Pool">Range for the Swarm's own networks.</param>
public sealed record InitSwarm(string Machine, string Pool) : Work;

/// <summary>Joins the Swarm through any manager that answers.</summary>
/// <param name="LeaveFirst">It is, or half is, a member of a Swarm that does not know it any more.</param>
public sealed record JoinSwarm(string Machine, bool AsManager, IReadOnlyList<string> Managers, bool LeaveFirst = false) : Work;

/// <summary>Makes a worker a manager or the reverse.</summary>
public sealed record ChangeRole(string Machine, bool ToManager) : Work;

/// <summary>Sets Ark's and the site's labels on a node; labels of others stay.</summary>
public sealed record LabelNode(string Machine, SortedDictionary<string, string> Labels) : Work;

/// <summary>Makes the site's encryption key check, its secret key and its certificate authority, and keeps them encrypted in the cluster.</summary>
public sealed record CreateSiteState : Work;

/// <summary>Issues the registry's certificate for a machine from the site's authority, and lets Docker trust that authority.</summary>
public sealed record IssueCertificate(string Machine, IReadOnlyList<string> Names) : Work;

/// <summary>Lets Docker on the machine trust the registry's certificates.</summary>
public sealed record TrustAuthority(string Machine, string Path) : Work;

/// <summary>Puts the image packages that were carried along into the client's registry directory.</summary>
public sealed record ImportImages(string Machine, string Directory, IReadOnlyList<string> Images) : Work;

/// <summary>Brings the mirror's registry directory to what the client's holds.</summary>
public sealed record MirrorImages(string Machine, string From, string Directory) : Work;

/// <summary>Runs a registry container of the base on a machine.</summary>
/// <param name="Hash">Of all that it is started with; stands in its label <c>ark.spec</c>.</param>
public sealed record RunRegistry(string Machine, string Name, string Image, IReadOnlyList<string> Arguments, string Hash) : Work;

/// <summary>Removes a registry container that does not belong there any more.</summary>
public sealed record RemoveContainer(string Machine, string Name) : Work;
