//! The program that the concurrent part of this library started from, with its body as it was
//! written for `pathmap`: four workers receive pairs of zippers over channels, and copy `in` to
//! `out`.

use bytetrie as pathmap;
use pathmap::zipper::*;

#[test]
#[rustfmt::skip]
#[allow(clippy::all)]
fn four_workers_copy_in_to_out() {
    use pathmap::PathMap;

    let elements = 65535;
    let thread_cnt: usize = 4;
    let elements_per_thread = elements / thread_cnt;

    //Pre-initialize the data in the `PathMap`, for demonstration purposes
    let mut map = PathMap::<usize>::new();
    let mut zipper = map.write_zipper_at_path(b"in");
    for n in 0..thread_cnt {
        for i in (n * elements_per_thread)..((n+1) * elements_per_thread) {
            zipper.descend_to_byte(n as u8);
            zipper.descend_to(i.to_be_bytes());
            zipper.set_val(i);
            zipper.reset();
        }
    }
    drop(zipper);

    let zipper_head = map.zipper_head();

    std::thread::scope(|scope| {

        //Allocate channels to send the zippers
        let mut zipper_senders: Vec<std::sync::mpsc::Sender<(ReadZipperTracked<'_, '_, usize>, WriteZipperTracked<'_, '_, usize>)>> = Vec::with_capacity(thread_cnt);
        let mut signal_receivers: Vec<std::sync::mpsc::Receiver<bool>> = Vec::with_capacity(thread_cnt);

        //Spawn all the threads
        for _thread_idx in 0..thread_cnt {
            let (zipper_tx, zipper_rx) = std::sync::mpsc::channel();
            zipper_senders.push(zipper_tx);
            let (signal_tx, signal_rx) = std::sync::mpsc::channel::<bool>();
            signal_receivers.push(signal_rx);

            //=====================================================================================
            // Worker Thread Body
            //=====================================================================================
            scope.spawn(move || {
                loop {

                    //The thread will block here waiting for the zippers to be sent
                    match zipper_rx.recv() {
                        Ok((mut reader_z, mut writer_z)) => {

                            //We got the zippers, do the stuff
                            let witness = reader_z.witness();
                            while let Some(val) = reader_z.to_next_get_val_with_witness(&witness) {
                                writer_z.descend_to(reader_z.path());
                                writer_z.set_val(*val);
                                writer_z.reset();
                            }

                            //Tell the main thread we're done
                            signal_tx.send(true).unwrap();
                        },
                        Err(_) => {
                            //The zipper_sender channel is closed, meaning it's time to shut down
                            break;
                        }
                    }
                }
            });
            //=====================================================================================
            // End of Worker Thread Body
            //=====================================================================================
        }

        let mut writer_z = zipper_head.write_zipper_at_exclusive_path(b"out").unwrap();
        writer_z.remove_branches(true);
        drop(writer_z);

        //Make a ReadZipper and a WriteZipper for each thread, and send them through the channel
        for n in 0..thread_cnt {
            let path = vec![b'o', b'u', b't', n as u8];
            let writer_z = zipper_head.write_zipper_at_exclusive_path(path).unwrap();
            let path = vec![b'i', b'n', n as u8];
            let reader_z = zipper_head.read_zipper_at_path(path).unwrap();

            zipper_senders[n].send((reader_z, writer_z)).unwrap();
        };

        //Wait for the threads to all be done
        for n in 0..thread_cnt {
            assert_eq!(signal_receivers[n].recv().unwrap(), true);
        };
    });
    drop(zipper_head);

    // The expected content.
    let mut source = map.read_zipper_at_path(b"in");
    let mut copy = map.read_zipper_at_path(b"out");
    let mut values = 0;
    while source.to_next_val() {
        assert!(copy.to_next_val(), "the copy ends before its source");
        assert_eq!(copy.path(), source.path());
        assert_eq!(copy.val(), source.val());
        assert_eq!(source.val(), Some(&values));
        values += 1;
    }
    assert!(!copy.to_next_val(), "the copy goes on after its source");
    assert_eq!(values, 65_532);
}
