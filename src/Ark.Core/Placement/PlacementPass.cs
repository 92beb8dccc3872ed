using System.Runtime.CompilerServices;

namespace Ark.Core.Placement;

/// <summary>What guides the choice among machines that may hold an instance.</summary>
internal enum Aim
{
    /// <summary>Rooms first, then the machine whose load stays lowest.</summary>
    Balance,

    /// <summary>Fill machines one after the other, whatever the room: keeps others empty for what is hard to place.</summary>
    Pack,
}

/// <summary>
/// One attempt: component by component, each instance on the best machine that is left. A component costs one look at each machine that bears its
/// labels, to put the best of those that may hold it into a heap a room, and then a step in a heap for each instance.
/// </summary>
internal sealed class PlacementPass
{
    private readonly PlacementModel _model;
    private readonly PlacementBoard _board;
    private readonly Aim _aim;
    private readonly int[] _blocked;
    private readonly int[] _own;
    private readonly SlotHeap[] _machines;
    private readonly SlotHeap _rooms = new();
    private readonly int[] _inRoom;
    private int _round;

    public PlacementPass(PlacementModel model, PlacementBoard board, Aim aim)
    {
        (_model, _board, _aim) = (model, board, aim);
        _blocked = new int[model.Machines.Length];
        _own = new int[model.Machines.Length];
        _machines = [.. model.Rooms.Select(_ => new SlotHeap())];
        _inRoom = new int[model.Rooms.Length];
    }

    /// <summary>Places what the kind wants; returns the numbers of instances that found no machine.</summary>
    public IReadOnlyList<int> Fill(Kind kind)
    {
        if (kind.Wanted.Count == 0)
            return [];
        Block(kind);
        CountOwn(kind, 1);
        Gather(kind);
        var placed = 0;
        while (placed < kind.Wanted.Count && Next(kind) is { } machine)
            _board.Place(kind, kind.Wanted[placed++], machine);
        Array.Clear(_inRoom);
        foreach (var (_, machine) in _board.Of[kind.Number])
            _own[machine] = 0;
        return placed == kind.Wanted.Count ? [] : kind.Wanted[placed..];
    }

    /// <summary>Marks machines on which a neighbour, or a port's user, forbids the kind.</summary>
    private void Block(Kind kind)
    {
        _round++;
        if (kind.OnePerMachine)
            Mark(kind.Number);
        foreach (var other in kind.Apart)
            Mark(other);
        foreach (var port in kind.Ports)
        {
            foreach (var machine in _board.Users[port])
                _blocked[machine] = _round;
        }

        foreach (var machine in kind.ApartFromOthers)
            _blocked[machine] = _round;
    }

    private void Mark(int kind)
    {
        foreach (var (_, machine) in _board.Of[kind])
            _blocked[machine] = _round;
    }

    private void CountOwn(Kind kind, int each)
    {
        foreach (var (_, machine) in _board.Of[kind.Number])
        {
            _own[machine] += each;
            _inRoom[_model.RoomOf[machine]] += each;
        }
    }

    private void Gather(Kind kind)
    {
        _rooms.Clear();
        for (var room = 0; room < _machines.Length; room++)
        {
            _machines[room].Clear();
            Gather(kind, kind.Candidates[room], _machines[room]);
            _machines[room].Heapify();
            Offer(room);
        }
    }

    /// <summary>
    /// The best of the candidates that may hold the kind, as many as could be needed. This loop is where a placement's time goes: it is compiled for speed
    /// at once, and most machines are dismissed by a glance at one state and one comparison.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(Kind kind, ReadOnlySpan<int> candidates, SlotHeap heap)
    {
        var (needs, limit, round, blocked) = (kind.Needs, kind.Wanted.Count, _round, _blocked);
        var onlyLoad = _aim == Aim.Balance && kind.OnePerMachine && !kind.Exclusive;
        foreach (var machine in candidates)
        {
            if (blocked[machine] == round)
                continue;
            ref readonly var state = ref _board[machine];
            if (!state.HasRoom(needs) || !state.MayJoin(kind))
                continue;
            var load = state.LoadWith(needs);
            if (onlyLoad && heap.Count == limit && load > heap.First.Key)
                continue;
            heap.AddBest(new(onlyLoad ? load : Key(kind, machine, load), Order(machine), machine), limit);
        }
    }

    /// <summary>A load is at most 1 where the instance fits, so a step of 2 outweighs it.</summary>
    private double Key(Kind kind, int machine, double load) => _aim == Aim.Pack
        ? (_board[machine].Occupants == 0 ? 2 * (1 + _model.Scarcity[machine]) : 0) - load
        : (2 * _own[machine]) + load + (kind.Exclusive ? 2.0 * kind.Component.Count * _model.Scarcity[machine] : 0);

    private long Order(int machine) => ((long)_model.Scarcity[machine] << 32) | (uint)machine;

    /// <summary>Enters a room into the choice of rooms by its best machine.</summary>
    private void Offer(int room)
    {
        if (_machines[room].Count == 0)
            return;
        ref readonly var best = ref _machines[room].First;
        _rooms.Push(_aim == Aim.Pack ? best with { Item = room } : new((4.0 * _inRoom[room]) + Math.Min(best.Key, 3), best.Order, room));
    }

    /// <summary>The machine for one more instance, or null.</summary>
    private int? Next(Kind kind)
    {
        if (_rooms.Count == 0)
            return null;
        var room = _rooms.Pop().Item;
        var machine = _machines[room].Pop().Item;
        _own[machine]++;
        _inRoom[room]++;
        if (!kind.OnePerMachine)
            Again(kind, room, machine);
        Offer(room);
        return machine;
    }

    /// <summary>Puts a machine back that may hold one more beside the one it is about to get.</summary>
    private void Again(Kind kind, int room, int machine)
    {
        var needs = kind.Needs;
        var two = new Needs(2 * needs.Cpu, 2 * needs.Memory, 2 * needs.Disk);
        if (!_board[machine].HasRoom(two))
            return;
        var key = _aim == Aim.Pack ? -_board[machine].LoadWith(two) : (2 * _own[machine]) + _board[machine].LoadWith(two);
        _machines[room].Push(new(key, Order(machine), machine));
    }
}
